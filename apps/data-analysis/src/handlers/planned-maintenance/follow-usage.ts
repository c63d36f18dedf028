/** How vehicles are used, from their states and beside the hot path: of each at most once an hour. */
import { advanceUsage } from '../../domain/planned-maintenance/index.ts'
import type { UsageStore } from './ports.ts'

export const readEveryMs = 3_600_000
/** So that a pass is short; the next one goes on. */
const mostAtOnce = 500

/** One pass over the partitions held here. */
export async function followUsage(store: UsageStore, partitions: readonly number[], nowMs: number): Promise<number> {
  if (partitions.length === 0) return 0
  const entries = await store.unread(partitions, nowMs - readEveryMs, mostAtOnce)
  if (entries.length === 0) return 0
  const read = entries.map(({ vehicleId, usage, reading }) => ({ vehicleId, usage: advanceUsage(usage, reading) }))
  await store.save(read, nowMs)
  return entries.length
}
