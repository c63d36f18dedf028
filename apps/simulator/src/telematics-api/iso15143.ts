/**
 * The fleet by ISO 15143-3 (AEMP 2.0) as JSON: `GET /Fleet/:page`, and fault codes at
 * `/Fleet/Equipment/MakeModelSerial/:make/:model/:serial/FaultCodes/:start/:end/:page`. On the first page stands a trailer that
 * nobody gave a number, as there is one in every fleet.
 */
import type { FastifyInstance } from 'fastify'
import { identityOf } from '../vehicles/models.ts'
import { paths } from '../vehicles/signal-paths.ts'
import type { FleetReports, VehicleReports } from './fleet-reports.ts'
import { truckCode } from './truck-codes.ts'

const metresPerMile = 1609.344
/** An engine's hours are told by its distance, at the average of mixed driving. */
const averageKmh = 42

interface FaultQuery {
  make: string
  model: string
  serial: string
  start: string
  end: string
  page: string
}

export function iso15143(app: FastifyInstance, reports: FleetReports, now: () => number, perPage: number): void {
  app.get<{ Params: { page: string } }>('/Fleet/:page', async ({ params, url }, reply) => {
    const number = pageNumber(params.page)
    if (number === undefined) return reply.code(400).send({ error: 'a page is a whole number from 1' })
    reports.advance(now())
    const { entries, links } = pageOf(reports.vehicles(), number, perPage, url)
    const machines = entries.map(equipment)
    return {
      Version: '1',
      SnapshotTime: seconds(now()),
      Links: links,
      Equipment: number === 1 ? [...machines, unnumbered(now())] : machines,
    }
  })

  const faultCodes = '/Fleet/Equipment/MakeModelSerial/:make/:model/:serial/FaultCodes/:start/:end/:page'
  app.get<{ Params: FaultQuery }>(faultCodes, async ({ params, url }, reply) => {
    const number = pageNumber(params.page)
    const [from, until] = [Date.parse(params.start), Date.parse(params.end)]
    if (number === undefined || !(from < until)) return reply.code(400).send({ error: 'no such page or no such time' })
    reports.advance(now())
    const machine = reports.vehicles().find(({ vehicleId }) => serialOf(vehicleId) === params.serial)
    if (!machine) return reply.code(404).send({ error: 'no such machine' })
    const inTime = machine.occurrences.filter(({ timeMs }) => timeMs >= from && timeMs < until)
    const { entries, links } = pageOf(inTime, number, perPage, url)
    return {
      Links: links,
      FaultCode: entries.map(({ timeMs, code }) => {
        const truck = truckCode(machine.vehicleId, code)
        return {
          CodeIdentifier: truck ? `SPN ${truck.spn} FMI ${truck.fmi}` : code,
          CodeDescription: code,
          CodeSeverity: truck?.fmi === 0 || truck?.fmi === 1 ? 'Red' : 'Amber',
          CodeSource: truck ? 'Engine #1 (source address 0)' : 'ECM',
          Datetime: seconds(timeMs),
        }
      }),
    }
  })
}

function equipment({ vehicleId, last, lastSlow }: VehicleReports) {
  const { vin, model } = identityOf(vehicleId)
  const metres = last.values[paths.odometer] ?? 0
  const fast = { Datetime: seconds(last.timeMs) }
  const slow = lastSlow && { Datetime: seconds(lastSlow.timeMs) }
  return {
    EquipmentHeader: {
      OEMName: maker,
      Model: model,
      EquipmentID: vehicleId,
      SerialNumber: serialOf(vehicleId),
      PIN: vin,
    },
    CumulativeOperatingHours: { Hour: round(metres / 1000 / averageKmh, 2), ...fast },
    Distance: { OdometerUnits: 'mile', Odometer: String(round(metres / metresPerMile, 3)), ...fast },
    EngineStatus: { EngineNumber: '1', Running: (last.values[paths.rpm] ?? 0) > 0, ...fast },
    ...(lastSlow && { FuelRemaining: { Percent: round(lastSlow.values[paths.fuel] ?? 0, 1), ...slow } }),
  }
}

const unnumbered = (nowMs: number) => ({
  EquipmentHeader: { OEMName: maker, Model: 'Trailer' },
  CumulativeOperatingHours: { Hour: 0, Datetime: seconds(nowMs) },
})

const maker = 'Pitcrew Motors'
const serialOf = (vehicleId: string) => identityOf(vehicleId).vin.slice(-8)
const round = (value: number, digits: number) => Number(value.toFixed(digits))
const seconds = (timeMs: number) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`
const pageNumber = (text: string) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined)

function pageOf<T>(all: readonly T[], number: number, perPage: number, url: string) {
  const last = Math.max(1, Math.ceil(all.length / perPage))
  const href = (page: number) => url.replace(/\d+(?:\?.*)?$/, String(page))
  const links = [
    { Rel: 'Self', Href: href(number) },
    ...(number > 1 ? [{ Rel: 'Prev', Href: href(number - 1) }] : []),
    ...(number < last ? [{ Rel: 'Next', Href: href(number + 1) }] : []),
    { Rel: 'Last', Href: href(last) },
  ]
  return { entries: all.slice((number - 1) * perPage, number * perPage), links }
}
