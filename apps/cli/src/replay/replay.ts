import { Terminal } from '@pitcrew/errors'
import { seedFleet } from '@pitcrew/simulator'
import type { Target } from '../api/locate.ts'
import { onStage, type Stage } from '../demo/stage.ts'
import { json as printJson } from '../operate/output.ts'
import { callerDir } from '../platform/checkout.ts'
import { logFiles, stemOf } from './log-files.ts'
import { readLog, type Log } from './read-log.ts'
import { sendTrips, type Trip } from './send-trips.ts'
import { untilAnalysed, untilSettled } from './settle.ts'
import { summaryOf, tellBadRows, tellSummary } from './summary.ts'
import { joinDrives } from './timetable.ts'
import { readInjection, readSeconds, readSpeed, refuseUnknownFormat, type Injection } from './wishes.ts'

export interface ReplayOptions extends Target {
  format: string
  inject?: string
  speed: string
  vehicle?: string
  wait: string
  json?: boolean
}

const analysedWithinMs = 120_000
/** On a platform of its own a minute of waiting for people takes a second. */
const settings = { CASE_TIME_SCALE: '60' }

/** Everything that was asked for is checked before a platform is started for it. */
export async function replay(path: string, { json = false, ...options }: ReplayOptions): Promise<void> {
  refuseUnknownFormat(options.format)
  const injection = readInjection(options.inject)
  const speed = readSpeed(options.speed)
  const waitMs = readSeconds(options.wait) * 1000
  const logs = logFiles(path, callerDir()).map(readLog)
  const trips = tripsOf(logs, options.vehicle)
  const badRows = logs.flatMap((log) => log.badRows)
  if (!json) tellBadRows(badRows)

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

/** Without --vehicle each log is one of its own, and of another name in each run: a log has no dates, so runs would overlap. */
function tripsOf(logs: readonly Log[], vehicleId: string | undefined): Trip[] {
  if (vehicleId !== undefined) return [{ vehicleId: checkedId(vehicleId), frames: joinDrives(logs) }]
  const run = Date.now().toString(36)
  return logs.map((log) => ({ vehicleId: `carobd-${stemOf(log.file)}-${run}`, frames: joinDrives([log]) }))
}

function checkedId(vehicleId: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(vehicleId)) return vehicleId
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
