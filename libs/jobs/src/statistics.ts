/** Counts over the jobs that are known: those that have not ended, and those that have within the time they are kept. */
import { jobStates, type Job, type JobState } from './job.ts'

export interface KindStatistics {
  states: Record<JobState, number>
  /** Attempts beyond the first. */
  retries: number
  /** Age of the one that has waited longest for a worker, ms. */
  oldestWaitingMs: number
  /** Of completed jobs: duration of the attempt that succeeded, ms; undefined without any. */
  durationMs?: { mean: number; p50: number; p99: number }
}

export interface JobStatistics extends KindStatistics {
  total: number
  kinds: Record<string, KindStatistics>
}

interface Tally {
  states: Record<JobState, number>
  retries: number
  oldestWaitingMs: number
  durations: number[]
}

const emptyTally = (): Tally => ({
  states: Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>,
  retries: 0,
  oldestWaitingMs: 0,
  durations: [],
})

export async function statisticsOf(jobs: AsyncIterable<Job>, nowMs: number): Promise<JobStatistics> {
  const all = emptyTally()
  const kinds = new Map<string, Tally>()
  let total = 0
  for await (const job of jobs) {
    total++
    const own = kinds.get(job.kind) ?? emptyTally()
    kinds.set(job.kind, own)
    for (const tally of [all, own]) count(tally, job, nowMs)
  }
  return {
    total,
    ...summary(all),
    kinds: Object.fromEntries([...kinds].map(([name, tally]) => [name, summary(tally)])),
  }
}

function count(tally: Tally, job: Job, nowMs: number): void {
  tally.states[job.state]++
  tally.retries += Math.max(0, job.attempt - 1)
  if (job.state === 'waiting') tally.oldestWaitingMs = Math.max(tally.oldestWaitingMs, nowMs - Date.parse(job.addedAt))
  if (job.state === 'completed') tally.durations.push(Date.parse(job.endedAt) - Date.parse(job.startedAt))
}

function summary({ durations, ...counts }: Tally): KindStatistics {
  if (durations.length === 0) return counts
  const sorted = durations.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
  return { ...counts, durationMs: { mean, p50: at(0.5), p99: at(0.99) } }
}
