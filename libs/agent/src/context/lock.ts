/**
 * Locks with a lease, over a bucket that forgets what is not renewed.
 * 1. The broker's clock alone says when a lease is over: it drops the entry. Clocks are never compared.
 * 2. `token` is the revision under which the lock was taken; it is higher than that of every earlier holder, also after
 *    releases, expiries and restarts. Who is given the token with each write can refuse a holder that does not know yet that
 *    it has lost the lock.
 * 3. A holder counts its lease from before it asked, so `lost` is told before the broker gives the lock to another.
 * 4. Only the holder renews or releases: both insist on the revision that it wrote last.
 */
import { Retryable, Terminal } from '@pitcrew/errors'
import { pause, type VersionedBucket } from '@pitcrew/messaging'

export interface LockOptions {
  /** Who holds it, for those who ask: "<service>.<instance>" by default; a task's id where several may ask. */
  owner?: string
  /** Whole seconds, rounded up; default 10 s. Not renewed for so long, the lock is given to the next. */
  ttlMs?: number
  /** How long to wait for it; default not at all. */
  waitMs?: number
}

export interface Lock {
  readonly name: string
  readonly owner: string
  /** Fencing token: pass it with what is written under the lock. */
  readonly token: number
  /** Aborts when the lease is over or was found lost. */
  readonly lost: AbortSignal
  /** Another `ttlMs` from now. Terminal LOCK_LOST. */
  renew(): Promise<void>
  /** Terminal LOCK_LOST when it was not held any more: what was done since may have met another's work. */
  release(): Promise<void>
}

export interface LockHolder {
  owner: string
  token: number
}

interface Held {
  owner: string
  /** Absent in the entry that takes the lock: there it is the revision itself. */
  token?: number
}

const defaultTtlMs = 10_000
/** A lease that ends is not announced; releases are. */
const lookAgainMs = 250
/** A note of the release, for those who wait; nobody needs it later. */
const noteMs = 60_000

export async function acquireLock(
  bucket: VersionedBucket,
  key: string,
  { name, owner, ttlMs = defaultTtlMs, waitMs = 0 }: LockOptions & { name: string; owner: string },
): Promise<Lock> {
  const leaseMs = Math.max(1, Math.ceil(ttlMs / 1_000)) * 1_000
  const giveUpAt = performance.now() + waitMs
  for (;;) {
    const look = wakeable()
    const off = bucket.onAttempt(key, look.wake)
    try {
      const askedAt = performance.now()
      const found = await bucket.get(key)
      const holder = found && holderOf(found)
      if (holder === undefined) {
        const value: Held = { owner }
        const options = { expected: found?.revision ?? 0, ttlMs: leaseMs, alone: true }
        const token = await bucket.set(key, value, options)
        if (token !== undefined) return new HeldLock(bucket, key, { name, owner, leaseMs, token, askedAt })
      }
      const leftMs = giveUpAt - performance.now()
      if (leftMs <= 0) throw taken(name, holder)
      await look.within(Math.min(leftMs, lookAgainMs))
    } finally {
      off()
    }
  }
}

export async function lockHolder(bucket: VersionedBucket, key: string): Promise<LockHolder | undefined> {
  const found = await bucket.get(key)
  return found && holderOf(found)
}

function holderOf({ value, revision }: { value: unknown; revision: number }): LockHolder | undefined {
  if (value === undefined) return undefined
  const { owner, token = revision } = value as Held
  return { owner, token }
}

function wakeable() {
  const aborter = new AbortController()
  return { wake: () => aborter.abort(), within: (ms: number) => pause(ms, aborter.signal) }
}

const taken = (name: string, holder: LockHolder | undefined) =>
  new Retryable('LOCK_HELD', `lock ${name} is held${holder ? ` by ${holder.owner}` : ''}`, {
    details: { name, ...holder },
    hint: 'wait longer, or try again when it is released',
  })

const gone = (name: string, owner: string) =>
  new Terminal('LOCK_LOST', `${owner} does not hold lock ${name} any more`, {
    details: { name, owner },
    hint: 'take it again, and read again what it protects; renew it sooner than its lease ends',
  })

class HeldLock implements Lock {
  readonly name: string
  readonly owner: string
  readonly token: number
  readonly #bucket: VersionedBucket
  readonly #key: string
  readonly #leaseMs: number
  readonly #lost = new AbortController()
  #revision: number
  #timer: NodeJS.Timeout | undefined

  constructor(
    bucket: VersionedBucket,
    key: string,
    held: { name: string; owner: string; leaseMs: number; token: number; askedAt: number },
  ) {
    this.#bucket = bucket
    this.#key = key
    this.name = held.name
    this.owner = held.owner
    this.token = held.token
    this.#leaseMs = held.leaseMs
    this.#revision = held.token
    this.#leaseFrom(held.askedAt)
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  async renew(): Promise<void> {
    const askedAt = performance.now()
    const value: Held = { owner: this.owner, token: this.token }
    const options = { expected: this.#revision, ttlMs: this.#leaseMs, alone: true }
    const revision = this.#lost.signal.aborted ? undefined : await this.#bucket.set(this.#key, value, options)
    if (revision === undefined) throw this.#lose()
    this.#revision = revision
    this.#leaseFrom(askedAt)
  }

  async release(): Promise<void> {
    const options = { expected: this.#revision, ttlMs: noteMs, alone: true }
    const released = await this.#bucket.remove(this.#key, options)
    const failure = this.#lose()
    if (released === undefined) throw failure
  }

  #leaseFrom(askedAt: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#lose(), Math.max(0, askedAt + this.#leaseMs - performance.now()))
    this.#timer.unref()
  }

  #lose(): Terminal {
    clearTimeout(this.#timer)
    const failure = gone(this.name, this.owner)
    this.#lost.abort(failure)
    return failure
  }
}
