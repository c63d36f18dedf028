/**
 * L3: the lowest probability at which healthy drives raise no alert, so that alarms come as early as they can without being false.
 * Chosen on every second drive, and tried on the others.
 */
import { detection } from '@pitcrew/data-analysis'
import { Terminal } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import type { Artefact } from './artefact.ts'
import type { Training } from './training.ts'

const candidates = [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]
/** Above the lowest that is quiet on the drives at hand: drives to come are not the same. */
const margin = 0.1

export interface Drive {
  name: string
  frames: readonly SignalFrame[]
}

type Given = Pick<Training, 'sha256' | 'card' | 'onProgress'>

/** Throws Terminal TOO_FEW_DRIVES, NO_QUIET_THRESHOLD. */
export function trainThresholds(
  drives: readonly Drive[],
  { sha256, card, onProgress }: Given,
  vehicleModels: readonly string[],
): Artefact {
  if (drives.length < 4)
    throw new Terminal('TOO_FEW_DRIVES', `there are ${drives.length} drives: expected at least 4 of healthy vehicles`)
  const chosenOn = drives.filter((_, index) => index % 2 === 0)
  const triedOn = drives.filter((_, index) => index % 2 === 1)
  const quiet = candidates.find((candidate) => {
    const alerts = alertsAt(candidate, chosenOn)
    onProgress(`at ${candidate}: ${alerts} alerts on ${chosenOn.length} drives`)
    return alerts === 0
  })
  if (quiet === undefined || quiet + margin > 0.95)
    throw new Terminal('NO_QUIET_THRESHOLD', 'the drives raise alerts at every threshold: are all of them healthy?', {
      hint: './pitcrew replay shows what is alerted; leave out drives with faults',
    })
  const raiseProbability = Math.round((quiet + margin) * 100) / 100
  return {
    card: {
      ...card,
      kind: 'thresholds',
      data: {
        description: `${drives.length} healthy drives`,
        units: drives.length,
        rows: drives.reduce((sum, { frames }) => sum + frames.length, 0),
        sha256,
      },
      metrics: {
        hoursChosenOn: hoursOf(chosenOn),
        hoursHeldOut: hoursOf(triedOn),
        alertsHeldOut: alertsAt(raiseProbability, triedOn),
      },
      parameters: { candidates, margin },
    },
    serves: { vehicleModels },
    model: { raiseProbability },
  }
}

const hoursOf = (drives: readonly Drive[]): number =>
  drives.reduce((sum, { frames }) => sum + (frames.at(-1)!.timeMs - frames[0]!.timeMs) / 3_600_000, 0)

/** Each drive is that of a new vehicle, as deployed. */
function alertsAt(raiseProbability: number, drives: readonly Drive[]): number {
  const thresholds = detection.readThresholds({ raiseProbability })
  const served = [{ kind: 'thresholds' as const, name: 'candidate', version: '1', vehicleModels: [], thresholds }]
  const around = { ...detection.alone, served }
  let alerts = 0
  for (const { name, frames } of drives) {
    const state = detection.createVehicleState(name)
    for (const frame of frames)
      alerts += detection.watch(state, frame, around).decisions.filter(({ kind }) => kind === 'raise').length
  }
  return alerts
}
