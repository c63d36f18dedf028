/**
 * What a detector of one signal (the one that is scored on NAB) would say on healthy drives of the signals that no monitor
 * watches: why it raises no alerts. One vehicle makes all drives; the detector sees means of a minute.
 */
import { detection } from '@pitcrew/data-analysis'
import { anomalyThreshold, createAnomalyState, stepAnomaly, type AnomalyState } from '@pitcrew/detection'
import type { SignalFrame } from '@pitcrew/signals'
import { joined } from './drive.ts'

const binMs = 60_000
const restMs = 660_000
const rpm = 'Vehicle.Powertrain.CombustionEngine.Speed'
/** They only count up. */
const counters = /RunTime|TimeSince|Distance|Warmups/
const watched = new Set(detection.monitors.map(({ signal }) => signal))

interface Mean {
  sum: number
  count: number
}

/** Times that a signal is called unusual. */
export function anomaliesOfUnwatched(drives: ReadonlyMap<string, readonly SignalFrame[]>): number {
  const states = new Map<string, AnomalyState>()
  const means = new Map<string, Mean>()
  let beganMs = 0
  let anomalies = 0
  for (const { timeMs, values } of joined(drives.values(), restMs)) {
    if ((values[rpm] ?? 0) < 300) continue
    take(means, values)
    if (timeMs - beganMs < binMs) continue
    beganMs = timeMs
    for (const [path, { sum, count }] of means) {
      const state = states.get(path) ?? createAnomalyState()
      states.set(path, state)
      if (stepAnomaly(state, timeMs, sum / count).score >= anomalyThreshold) anomalies++
    }
    means.clear()
  }
  return anomalies
}

function take(means: Map<string, Mean>, values: Record<string, number>): void {
  for (const path in values) {
    if (watched.has(path) || counters.test(path)) continue
    const mean = means.get(path) ?? { sum: 0, count: 0 }
    mean.sum += values[path]!
    mean.count++
    means.set(path, mean)
  }
}
