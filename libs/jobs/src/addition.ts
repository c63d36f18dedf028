/** From what a caller gives to the job that is stored. Terminal BAD_JOB, BAD_JOB_KIND, BAD_SCHEDULE. */
import { randomUUID } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import type { TaskPriority } from '@pitcrew/messaging'
import type { JobRecord, JobSpec } from './job.ts'
import { checkSettings, type Backoff, type JobKind, type Keep } from './kind.ts'
import { recurrenceOf, type Recurring } from './schedule.ts'

export interface AddOptions extends Recurring {
  /** The idempotency key: of jobs added under one id there is one. Default: a new one. */
  id?: string
  priority?: TaskPriority
  /** Not before this time. */
  runAt?: Date | string
  /** Not before so long from now. */
  delayMs?: number
  /** What the job belongs to, such as a workflow's id: the jobs of a scope are listed and cancelled together. */
  scope?: string
  attempts?: number
  backoff?: Backoff
  timeoutMs?: number
  keep?: Partial<Keep>
}

const mostPayloadBytes = 256 * 1024
const longestId = 200

export function additionOf<P>(
  kind: JobKind<P, unknown>,
  payload: P,
  options: AddOptions,
  nowMs: number,
): JobRecord & { runAt?: string } {
  const { id = randomUUID(), scope, priority = kind.priority } = options
  for (const name of [id, scope ?? 'none'])
    if (name === '' || name.length > longestId)
      refuse(`an id or scope of ${name.length} characters; expected 1 to ${longestId}`)
  if (![1, 2, 3, 4].includes(priority)) refuse(`priority ${priority}; expected 1 (urgent) to 4 (routine)`)
  const recurrence = recurrenceOf(options)
  const runAt = runAtOf(options, nowMs)
  if (recurrence !== undefined && (runAt !== undefined || options.id === undefined))
    refuse('a recurring job has an id, by which it is found again, and no runAt or delayMs')
  const spec: JobSpec = {
    id,
    kind: kind.name,
    payload: jsonOf(kind.name, payload),
    priority,
    ...(scope !== undefined && { scope }),
    attempts: options.attempts ?? kind.attempts,
    backoff: options.backoff ?? kind.backoff,
    timeoutMs: options.timeoutMs ?? kind.timeoutMs,
    keep: { ...kind.keep, ...options.keep },
    addedAt: new Date(nowMs).toISOString(),
    addition: randomUUID(),
    ...(recurrence !== undefined && { recurrence }),
  }
  checkSettings(kind.name, spec)
  const scheduled = recurrence !== undefined || runAt !== undefined
  return {
    spec,
    stage: scheduled ? { state: 'scheduled', attempt: 0, runAt } : { state: 'waiting', attempt: 0 },
    runAt,
  }
}

function runAtOf({ runAt, delayMs }: AddOptions, nowMs: number): string | undefined {
  if (runAt !== undefined && delayMs !== undefined) refuse('a job has both runAt and delayMs; expected one of them')
  if (runAt === undefined && delayMs === undefined) return undefined
  const atMs = runAt === undefined ? nowMs + (delayMs ?? 0) : new Date(runAt).getTime()
  // Four digits for the year, which is what the broker reads.
  if (!(atMs >= 0 && atMs < Date.UTC(10_000, 0))) refuse('runAt or delayMs is no point in time')
  return atMs <= nowMs ? undefined : new Date(atMs).toISOString()
}

function jsonOf(kind: string, payload: unknown): unknown {
  const text = payload === undefined ? 'null' : JSON.stringify(payload)
  if (text === undefined) refuse(`the payload of ${kind} is no JSON`)
  const bytes = Buffer.byteLength(text)
  if (bytes > mostPayloadBytes)
    refuse(
      `the payload of ${kind} has ${bytes} bytes, expected at most ${mostPayloadBytes}; store it and queue where it is`,
    )
  return JSON.parse(text)
}

function refuse(message: string): never {
  throw new Terminal('BAD_JOB', message)
}
