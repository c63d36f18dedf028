import { Terminal } from '@pitcrew/errors'
import { seedFleet } from '@pitcrew/simulator'
import type { Target } from '../api/locate.ts'
import { onStage, type Stage } from '../demo/stage.ts'
import { json as printJson, line } from '../operate/output.ts'
import { callerDir } from '../platform/checkout.ts'
import { fit } from './fitting.ts'
import { isVehicleId } from './formats/csv/mapping.ts'
import { formatOf } from './formats/index.ts'
import { logFiles } from './log-files.ts'
import type { Log, Logs } from './log.ts'
import { sendTrips, type Trip } from './send-trips.ts'
import { untilAnalysed, untilSettled } from './settle.ts'
import { summaryOf, tellBadRows, tellSummary } from './summary.ts'
import { joinDrives } from './timetable.ts'
import { readInjection, readSeconds, readSpeed, readWayToFit, type Injection } from './wishes.ts'

export interface ReplayOptions extends Target {
  format: string
  mapping?: string
  inject?: string
  speed: string
  vehicle?: string
  long?: string
  wait: string
  json?: boolean
}

const analysedWithinMs = 120_000
/** On a platform of its own a minute of waiting for people takes a second. */
const settings = { CASE_TIME_SCALE: '60' }

/** Everything that was asked for is checked before a platform is started for it. */
export async function replay(path: string, { json = false, ...options }: ReplayOptions): Promise<void> {
  const injection = readInjection(options.inject)
  const speed = readSpeed(options.speed)
  const waitMs = readSeconds(options.wait) * 1000
  const { logs, badRows, note } = await readAll(path, options)
  const trips = tripsOf(logs, options)
  if (!json) tellBadRows(badRows)
  if (!json && note !== undefined) line(note)

  await onStage({ target: options, settings }, async (stage) => {
    await register(stage, trips, injection)
    const { sent, lastMs } = await sendTrips(stage, trips, { injection, speed })
    const settling = { gateway: stage.gateway, vehicles: lastMs, signal: stage.signal }
    await untilAnalysed(settling, analysedWithinMs)
    const findings = await untilSettled(settling, waitMs)
    const result = { sent, badRows, findings, vehicles: [...lastMs.keys()] }
    if (json) printJson(summaryOf(result))
    else tellSummary(result)
  })
}

type Asked = Pick<ReplayOptions, 'format' | 'mapping' | 'long' | 'inject' | 'vehicle'>

async function readAll(path: string, asked: Asked): Promise<Logs & { note: string | undefined }> {
  const format = formatOf(asked.format)
  if (asked.inject !== undefined && !format.injectable)
    throw new Terminal(
      'BAD_USAGE',
      `--inject does not go with --format ${asked.format}: expected logs of decoded signals`,
      {
        hint: 'carobd, csv and j1939-json are',
      },
    )
  const way = readWayToFit(asked.long ?? format.whenLong)
  const options = { mapping: asked.mapping, callerDir: callerDir() }
  const read: Logs[] = []
  for (const file of logFiles(path, options.callerDir, format.files)) read.push(await format.read(file, options))
  return {
    ...fit(
      read.flatMap(({ logs }) => logs),
      way,
    ),
    badRows: read.flatMap(({ badRows }) => badRows),
  }
}

/**
 * Without --vehicle each log is a vehicle. One that is not named in the log is of another name in each run: such a log has no
 * dates, so runs would overlap.
 */
export function tripsOf(logs: readonly Log[], { format, vehicle }: Pick<Asked, 'format' | 'vehicle'>): Trip[] {
  if (vehicle !== undefined) {
    if (new Set(logs.map(({ file }) => file)).size < logs.length)
      throw new Terminal(
        'BAD_USAGE',
        `--vehicle is "${vehicle}" and a log holds several vehicles: expected one in each`,
        {
          hint: 'leave --vehicle out',
        },
      )
    return [{ vehicleId: checkedId(vehicle), frames: joinDrives(logs) }]
  }
  const run = Date.now().toString(36)
  const trips = Map.groupBy(logs, ({ name, named }) => (named ? name : idOf(format, name, run)))
  return Array.from(trips, ([vehicleId, parts]) => ({ vehicleId, frames: joinDrives(parts) }))
}

const idOf = (format: string, name: string, run: string): string =>
  `${format}-${name.slice(0, 64 - format.length - run.length - 2)}-${run}`

function checkedId(vehicleId: string): string {
  if (isVehicleId(vehicleId)) return vehicleId
  throw new Terminal('BAD_USAGE', `--vehicle is "${vehicleId}": expected 1 to 64 of A-Z a-z 0-9 . _ -`, {
    hint: './pitcrew replay --help',
  })
}

async function register(stage: Stage, trips: readonly Trip[], injection: Injection | undefined): Promise<void> {
  const { gateway, token, platform, signal } = stage
  const vehicles = trips.map(({ vehicleId }) => vehicleId)
  await seedFleet({ gatewayUrl: gateway.url, token, vehicles, persona: 'accepts', signal })
  if (injection) for (const vehicleId of vehicles) platform?.simulator?.declareFault(vehicleId, injection.fault)
}
