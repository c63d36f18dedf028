import type { VehicleSystem } from '@pitcrew/signals'
import { supportsOf, type NodeResult } from './node-result.ts'

export interface HistoryEvent {
  atMs: number
  system: VehicleSystem
  kind: 'repair' | 'alert'
  /** For a repair: the failure mode that was mended. Empty when unknown. */
  failureMode: string
}

export interface VehicleHistoryInput {
  system: VehicleSystem
  nowMs: number
  events: readonly HistoryEvent[]
}

const dayMs = 86_400_000
/** A repair that fails within this time was a bad one or missed the cause; a part that has lasted longer is a young part. */
const infancyDays = 60
const youngDays = 730

/** C4: what was mended before. A fresh repair is suspect, a young part is not. */
export function vehicleHistory({ system, nowMs, events }: VehicleHistoryInput): NodeResult {
  const past = events.filter((event) => event.system === system && event.atMs < nowMs)
  const repairs = past.filter(({ kind }) => kind === 'repair')
  const supports = supportsOf(system, ({ name }) => {
    const ages = repairs.filter(({ failureMode }) => failureMode === name).map(({ atMs }) => (nowMs - atMs) / dayMs)
    if (ages.length === 0) return { ratio: 1, reasons: [] }
    const youngest = Math.min(...ages)
    const days = Math.round(youngest)
    if (youngest < infancyDays)
      return { ratio: 2.5, reasons: [`mended ${days} days ago: the repair may not have held`] }
    if (youngest < youngDays) return { ratio: 0.4, reasons: [`mended ${days} days ago: the part is young`] }
    return { ratio: 1.2, reasons: [`failed before, ${days} days ago`] }
  })
  const alerts = past.filter(({ kind }) => kind === 'alert').length
  return {
    node: 'vehicle-history',
    supports,
    summary: `${repairs.length} repairs and ${alerts} alerts of ${system} before`,
  }
}
