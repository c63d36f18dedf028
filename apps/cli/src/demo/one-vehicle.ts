import { Retryable } from '@pitcrew/errors'
import { seedFleet } from '@pitcrew/simulator'
import type { PlatformEvent } from '../api/events.ts'
import { drive } from './drive.ts'
import type { Stage } from './stage.ts'
import type { CaseStanding } from './stations.ts'
import { narrate } from './tell-stations.ts'
import type { Teller } from './teller.ts'
import { watchCase } from './watch-case.ts'

const fault = 'coolant-leak'
const withinMs = 90_000
const driveSeconds = 2 * 3600
/** A minute of the vehicle in this time: fast enough for an audience, slow enough that it parks soon after the alert. */
const minuteMs = 60
const tellEveryFrames = 600

/** Drives a vehicle with a fault until it is noticed, and follows its case to the end. Throws Retryable NO_ALERT, DEMO_TIMEOUT. */
export async function oneVehicle(
  stage: Stage,
  teller: Teller,
  vehicleId: string,
  onEvent: (event: PlatformEvent) => void = () => {},
): Promise<CaseStanding> {
  const { gateway, token, signal, ingest, platform } = stage
  await seedFleet({ gatewayUrl: gateway.url, token, vehicles: [vehicleId], persona: 'accepts', signal })
  platform?.simulator?.declareFault(vehicleId, fault)
  teller.tell('vehicle.registered', `${vehicleId}, with a ${fault} and an owner who will accept`, { vehicleId })
  const narrator = narrate(gateway, teller)
  const watch = await watchCase(stage, vehicleId, (event) => {
    narrator.onEvent(event)
    onEvent(event)
  })
  try {
    const parked = watch.alertSeen
    const onFrames = tellFrames(teller)
    const frames = await drive({
      ingest,
      vehicleId,
      fault,
      signal,
      parked,
      onFrames,
      seconds: driveSeconds,
      pauseMs: minuteMs,
    })
    teller.tell('vehicle.parked', `after ${frames} seconds of driving`, { frames })
    if (frames === driveSeconds && !(await watch.alerted(10_000))) throw noAlert(vehicleId)
    const standing = await watch.ended(withinMs)
    await narrator.settled()
    return standing
  } finally {
    await watch.close()
  }
}

export const newVehicleId = (prefix: string): string => `${prefix}-${Date.now().toString(36)}`

function tellFrames(teller: Teller): (accepted: number) => void {
  let told = 0
  return (accepted) => {
    if (told > 0 && accepted < told + tellEveryFrames) return
    told = accepted
    teller.tell('frames.accepted', `${accepted}, one for each second of driving`, { frames: accepted })
  }
}

function noAlert(vehicleId: string): Retryable {
  return new Retryable('NO_ALERT', `${vehicleId} drove for two hours with a ${fault} and no alert was raised`, {
    hint: 'does data-analysis run? ./pitcrew status',
  })
}
