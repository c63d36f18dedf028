/**
 * What is known of a job. Times are ISO 8601.
 *
 *   scheduled ──▶ waiting ──▶ active ──▶ completed
 *                    ▲          │ ├────▶ failed ──(replay)──▶ waiting
 *                    └─ delayed ◀─┘ └──▶ cancelled
 *
 * Whoever waits (scheduled, waiting, delayed) can be cancelled at once.
 */
import type { WireFailure } from '@pitcrew/errors'
import type { JobSettings } from './kind.ts'

export const jobStates = ['scheduled', 'waiting', 'active', 'delayed', 'completed', 'failed', 'cancelled'] as const

export type JobState = (typeof jobStates)[number]

/** Again and again: as a cron expression of six fields in a time zone, or at an interval. */
export type Recurrence = {
  /** A tick is left out while the run of an earlier one has not ended. */
  overlap: boolean
  /** Ticks that nobody took in time are run late, one by one; else only the last. */
  catchUp: boolean
} & ({ cron: string; timeZone: string } | { everyMs: number })

export interface JobSpec extends JobSettings {
  id: string
  kind: string
  payload: unknown
  /** What it belongs to, such as a workflow's id. */
  scope?: string
  addedAt: string
  /** The call that added it. */
  addition: string
  recurrence?: Recurrence
  /** The recurring job of which this is one run. */
  runOf?: string
}

export interface Progress {
  /** 0 to 100. */
  percent: number
  note?: string
}

/** `attempt`: how often it was begun. `claim`: the message under which it was. */
export type Stage =
  | { state: 'scheduled'; attempt: 0; runAt?: string; lastRun?: string }
  | { state: 'waiting'; attempt: number }
  | Active
  | { state: 'delayed'; attempt: number; claim: string; runAt: string; failure: WireFailure }
  | { state: 'completed'; attempt: number; startedAt: string; endedAt: string; result: unknown; progress?: Progress }
  | { state: 'failed'; attempt: number; claim: string; endedAt: string; failure: WireFailure; deadLetter: string }
  | { state: 'cancelled'; attempt: number; endedAt: string; reason: string }

export interface Active {
  state: 'active'
  attempt: number
  claim: string
  /** "<service>.<instance>" */
  worker: string
  startedAt: string
  progress?: Progress
  /** Why it was asked to stop. */
  cancelling?: string
}

export interface JobRecord {
  spec: JobSpec
  stage: Stage
}

export type Job = JobSpec & Stage

/** As people see it: a job whose time has come waits for a worker, whether or not one has seen it yet. */
export function jobOf({ spec, stage }: JobRecord, nowMs: number): Job {
  const due = (stage.state === 'scheduled' || stage.state === 'delayed') && Date.parse(stage.runAt ?? '') <= nowMs
  if (due && spec.recurrence === undefined) return { ...spec, state: 'waiting', attempt: stage.attempt }
  return { ...spec, ...stage }
}

export const hasEnded = ({ state }: { state: JobState }): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled'

/** undefined: it is kept until somebody changes it. */
export function keptFor({ spec, stage }: JobRecord): number | undefined {
  switch (stage.state) {
    case 'completed':
      return spec.keep.completedMs
    case 'failed':
      return spec.keep.failedMs
    case 'cancelled':
      // A recurring job that somebody cancelled must not begin again because a service starts and adds it.
      return spec.recurrence === undefined ? spec.keep.cancelledMs : undefined
    case 'scheduled':
    case 'waiting':
    case 'active':
    case 'delayed':
      return undefined
  }
}
