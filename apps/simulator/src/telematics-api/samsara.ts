/**
 * The fleet in the manner of Samsara: `GET /fleet/vehicles/stats/feed?types=&after=`. Without a cursor it gives the last report
 * of each vehicle, then what arose since. Now and then a value lacks its time.
 */
import { convert } from '@pitcrew/signals'
import type { FastifyInstance } from 'fastify'
import { identityOf } from '../vehicles/models.ts'
import { seededRandom } from '../vehicles/random.ts'
import { paths } from '../vehicles/signal-paths.ts'
import type { FleetReports, Report } from './fleet-reports.ts'
import { truckCode } from './truck-codes.ts'

const mostTypes = 3
/** One in so many values has no time. */
const timeless = 500

type Values = Record<string, number>

const stats: Record<string, (values: Values) => number | undefined> = {
  engineRpm: (values) => values[paths.rpm],
  ecuSpeedMph: (values) => convert(values[paths.speed]!, 'km/h', 'mph'),
  engineLoadPercent: (values) => values[paths.load],
  engineCoolantTemperatureMilliC: (values) => Math.round(values[paths.coolant]! * 1000),
  engineOilPressureKPa: (values) => values[paths.oilPressure],
  batteryMilliVolts: (values) => Math.round(values[paths.voltage]! * 1000),
  ambientAirTemperatureMilliC: (values) => Math.round(values[paths.ambient]! * 1000),
  intakeManifoldTemperatureMilliC: (values) => Math.round(values[paths.intake]! * 1000),
  barometricPressurePa: (values) => Math.round(values[paths.barometer]! * 1000),
  fuelPercents: (values) => values[paths.fuel],
  obdOdometerMeters: (values) => values[paths.odometer],
}

/** Known to the provider, but none of these cars has the sensor. */
const unequipped = ['defLevelMilliPercent', 'obdEngineSeconds', 'evStateOfChargeMilliPercent']

export function samsara(app: FastifyInstance, reports: FleetReports, now: () => number, perPage: number): void {
  app.get<{ Querystring: { types?: string; after?: string } }>('/fleet/vehicles/stats/feed', async (request, reply) => {
    const types = (request.query.types ?? '').split(',')
    const known = types.every((type) => type in stats || type === 'faultCodes' || unequipped.includes(type))
    if (!known || types.length > mostTypes)
      return reply.code(400).send({ message: `types: expected 1 to ${mostTypes} of those documented` })
    reports.advance(now())
    const { after } = request.query
    const page = after === undefined ? newest(reports) : reports.log.page(after, perPage)
    if (page === 'gone') return reply.code(410).send({ message: 'the cursor has expired' })
    if (page === 'unknown') return reply.code(400).send({ message: 'after: no cursor of this feed' })
    return {
      data: byVehicle(page.entries).map(([vehicleId, entries]) => vehicleData(vehicleId, entries, types)),
      pagination: { endCursor: page.nextCursor, hasNextPage: page.more },
    }
  })
}

function newest(reports: FleetReports) {
  const entries = reports.vehicles().map(({ vehicleId, last }) => ({ vehicleId, frame: last }))
  return { entries, nextCursor: reports.log.end(), more: false }
}

function byVehicle(entries: readonly Report[]): [string, Report[]][] {
  return [...Map.groupBy(entries, ({ vehicleId }) => vehicleId)]
}

function vehicleData(vehicleId: string, entries: readonly Report[], types: readonly string[]) {
  const { vin } = identityOf(vehicleId)
  const series = types.flatMap((type): [string, unknown][] => {
    const valueOf = stats[type]
    if (type === 'faultCodes') return [[type, entries.map(({ frame }) => faultCodes(vehicleId, frame))]]
    if (!valueOf) return []
    const points = entries.map(({ frame }) => ({
      time: timeOf(vehicleId, type, frame.timeMs),
      value: valueOf(frame.values),
    }))
    return [[type, points]]
  })
  return {
    id: providerId(vehicleId),
    name: vehicleId,
    externalIds: { 'samsara.vin': vin },
    ...Object.fromEntries(series),
  }
}

function timeOf(vehicleId: string, type: string, timeMs: number): string | null {
  const lost = seededRandom(`${vehicleId} ${type} ${timeMs}`)() * timeless < 1
  return lost ? null : new Date(timeMs).toISOString()
}

const providerId = (vehicleId: string) => String(281474976710656 + Math.floor(seededRandom(`id ${vehicleId}`)() * 1e9))

function faultCodes(vehicleId: string, { timeMs, dtcs = [] }: Report['frame']) {
  const told = dtcs.map((code) => ({ code, truck: truckCode(vehicleId, code) }))
  const trucks = told.flatMap(({ truck }) => truck ?? [])
  const cars = told.filter(({ truck }) => truck === undefined)
  return {
    time: new Date(timeMs).toISOString(),
    canBusType: 'CANBUS_J1939_500KBPS',
    j1939: {
      checkEngineLights: { stopIsOn: trucks.length > 0, warningIsOn: false, emissionsIsOn: false, protectIsOn: false },
      diagnosticTroubleCodes: trucks.map(({ spn, fmi }) => ({
        spnId: spn,
        fmiId: fmi,
        occurrenceCount: 1,
        txId: 0,
        milStatus: 1,
      })),
    },
    obdii: {
      checkEngineLightIsOn: cars.length > 0,
      diagnosticTroubleCodes: [
        { txId: 2024, milStatus: cars.length > 0, confirmedDtcs: cars.map(({ code }) => ({ dtcShortCode: code })) },
      ],
    },
  }
}
