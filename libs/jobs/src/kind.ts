import { Terminal } from '@pitcrew/errors'
import type { TaskPriority } from '@pitcrew/messaging'

/** Delay before the second attempt, doubled for each further one, up to `mostMs`. A Retryable's own `afterMs` goes before it. */
export interface Backoff {
  firstMs: number
  mostMs: number
}

/** At most `jobs` begin in any `perMs`, over all workers together; `burst` of them at once after a pause. Default burst 1. */
export interface Rate {
  jobs: number
  perMs: number
  burst?: number
}

/** How long a job can be looked up after it has ended, milliseconds. */
export interface Keep {
  completedMs: number
  failedMs: number
  cancelledMs: number
}

export interface JobSettings {
  /** 1 (urgent) to 4 (routine); default 3. */
  priority: TaskPriority
  /** How often it is begun at most; default 5. A worker that dies with it counts. */
  attempts: number
  /** Default 1 s, 2 s, 4 s ... 60 s. */
  backoff: Backoff
  /** Of one attempt; default 60 s. */
  timeoutMs: number
  /** Default a day for completed jobs, thirty for failed and seven for cancelled ones. */
  keep: Keep
}

/** A kind of job, with the types of its payload and result: both are JSON. */
export interface JobKind<P, R> extends JobSettings {
  readonly name: string
  readonly rate: Required<Rate> | undefined
  /** Only for the compiler. */
  readonly types?: { payload: P; result: R }
}

const hours = 3_600_000
const defaults: JobSettings = {
  priority: 3,
  attempts: 5,
  backoff: { firstMs: 1_000, mostMs: 60_000 },
  timeoutMs: 60_000,
  keep: { completedMs: 24 * hours, failedMs: 30 * 24 * hours, cancelledMs: 7 * 24 * hours },
}

/** `name`: words in lower case with hyphens, "clean-up-history". Terminal BAD_JOB_KIND. */
export function defineJob<P, R = void>(
  name: string,
  { keep, rate, ...settings }: Partial<Omit<JobSettings, 'keep'>> & { keep?: Partial<Keep>; rate?: Rate } = {},
): JobKind<P, R> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) refuse(`the kind ${JSON.stringify(name)} is not lower-case-words`)
  if (rate !== undefined && !(rate.jobs > 0 && rate.perMs > 0 && (rate.burst ?? 1) >= 1))
    refuse(`the rate of ${name} is not positive`)
  const kind = { ...defaults, ...settings, keep: { ...defaults.keep, ...keep } }
  checkSettings(name, kind)
  return { ...kind, name, rate: rate && { burst: 1, ...rate } }
}

/** Terminal BAD_JOB_KIND. */
export function checkSettings(name: string, { attempts, timeoutMs, backoff }: JobSettings): void {
  if (!Number.isInteger(attempts) || attempts < 1) refuse(`${name} has ${attempts} attempts, expected a number from 1`)
  // Longest delay that Node's timers can wait.
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31))
    refuse(`${name} has a timeout of ${timeoutMs} ms, expected 1 ms to 24 days`)
  if (!(backoff.firstMs >= 0 && backoff.mostMs >= backoff.firstMs))
    refuse(`the backoff of ${name} is not from less to more`)
}

function refuse(message: string): never {
  throw new Terminal('BAD_JOB_KIND', message)
}
