/**
 * F6: what agents that work on the same thing know of it. A space is that thing, a workflow's id as a rule; in it are keys with
 * JSON values, and locks.
 * 1. A version names one value of one key; it grows with every change, also past deletions.
 * 2. A conditional write is made on what the writer has seen or not at all.
 * 3. A write under a fencing token is refused once a later holder of the lock has written that key.
 * 4. What is not written for `ttlMs` is forgotten, so a space goes some time after its workflow even if nobody clears it.
 */
import { Retryable, Terminal } from '@pitcrew/errors'
import { backoffMs, contextBucket, escapeToken, openBucket, pause, type Messaging } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import {
  changeOf,
  entryOf,
  lockKey,
  valueKey,
  valuesOf,
  type ContextChange,
  type ContextEntry,
  type Stored,
} from './envelope.ts'
import { acquireLock, lockHolder, type Lock, type LockHolder, type LockOptions } from './lock.ts'
import { underLock } from './under-lock.ts'

export interface ContextWrite {
  /** Token of the lock under which this is written. */
  fence?: number
}

export interface SharedContext {
  readonly space: string
  get<T extends Json>(key: string): Promise<ContextEntry<T> | undefined>
  /** Whatever is there. The new version. Terminal FENCED. */
  put(key: string, value: Json, write?: ContextWrite): Promise<number>
  /** `expected` 0: the key must not be there. The new version. Terminal CONTEXT_CONFLICT, whose details say which is current. */
  compareAndSet(key: string, value: Json, expected: number, write?: ContextWrite): Promise<number>
  /**
   * Writes what `change` makes of the present value; run again when somebody else was quicker, so it must have no effects of its
   * own. Retryable CONTEXT_BUSY after `attempts` (default 10).
   */
  update<T extends Json>(
    key: string,
    change: (current: T | undefined) => T,
    write?: ContextWrite & { attempts?: number },
  ): Promise<ContextEntry<T>>
  /** Of a key that is not there nothing comes. */
  delete(key: string, write?: ContextWrite & { expected?: number }): Promise<void>
  entries(): Promise<ContextEntry[]>
  /** Oldest first, at most 64, deletions too. */
  history(key: string): Promise<ContextChange[]>
  /** What is there, then each change in order. Resolves when what is there has been given. */
  watch(onChange: (change: ContextChange) => void): Promise<{ stop(): void }>
  /** Retryable LOCK_HELD. */
  lock(name: string, options?: LockOptions): Promise<Lock>
  /** Renews the lock while `work` runs and releases it then; the lock's `lost` says when to stop. Terminal LOCK_LOST. */
  withLock<T>(name: string, options: LockOptions, work: (lock: Lock) => Promise<T>): Promise<T>
  lockHolder(name: string): Promise<LockHolder | undefined>
  /** Forgets all keys and their history, and frees all locks. */
  clear(): Promise<void>
}

export interface SharedContextOptions {
  /** Default 7 days after the last write of a key. */
  ttlMs?: number
}

const defaultTtlMs = 7 * 86_400_000
/** A note of what was cleared, for those who watch. */
const noteMs = 60_000

export function sharedContext(
  messaging: Messaging,
  space: string,
  { ttlMs = defaultTtlMs }: SharedContextOptions = {},
): SharedContext {
  const bucket = openBucket(messaging, contextBucket)
  const by = `${messaging.service}.${messaging.instance}`

  const read = async (key: string) => {
    const found = await bucket.get(valueKey(space, key))
    return found && { ...changeOf(found), fence: (found.value as Stored | undefined)?.fence }
  }
  type Known = Awaited<ReturnType<typeof read>>
  const write = (key: string, stored: Omit<Stored, 'by'>, expected?: number) =>
    bucket.set(valueKey(space, key), { ...stored, by }, { ttlMs, ...(expected === undefined ? {} : { expected }) })

  /** Writes on `known` only, keeping the highest token; undefined when somebody was quicker. */
  const writeOn = (key: string, known: Known, stored: Omit<Stored, 'by'>, { fence }: ContextWrite) => {
    if (fence !== undefined && known?.fence !== undefined && known.fence > fence) throw fenced(key, fence, known.fence)
    const token = fence ?? known?.fence
    return write(key, { ...stored, ...(token === undefined ? {} : { fence: token }) }, known?.version ?? 0)
  }

  const retried = async <R>(key: string, attempts: number, attempt: () => Promise<R | undefined>): Promise<R> => {
    for (let n = 1; n <= attempts; n++) {
      const result = await attempt()
      if (result !== undefined) return result
      // At a random moment of the pause, so that those who met do not meet again.
      await pause(Math.random() * backoffMs(n, 10, 500))
    }
    throw new Retryable('CONTEXT_BUSY', `key ${key} of ${space} was changed by others ${attempts} times in a row`, {
      hint: 'take a lock, or spread what is written over more keys',
    })
  }

  const compareAndSet = async (key: string, stored: Omit<Stored, 'by'>, expected: number, options: ContextWrite) => {
    const known = await read(key)
    const current = known?.value === undefined ? 0 : known.version
    const version = current === expected ? await writeOn(key, known, stored, options) : undefined
    if (version !== undefined) return version
    throw conflict(space, key, expected, current === expected ? await read(key) : known)
  }

  return {
    space,
    get: async <T extends Json>(key: string) => entryOf<T>(await read(key)),
    async put(key, value, options = {}) {
      if (options.fence === undefined) return (await write(key, { value }))!
      return retried(key, defaultAttempts, async () => writeOn(key, await read(key), { value }, options))
    },
    compareAndSet: (key, value, expected, options = {}) => compareAndSet(key, { value }, expected, options),
    update: <T extends Json>(
      key: string,
      change: (current: T | undefined) => T,
      { attempts = defaultAttempts, ...options }: ContextWrite & { attempts?: number } = {},
    ) =>
      retried(key, attempts, async () => {
        const known = await read(key)
        const value = change(known?.value as T | undefined)
        const version = await writeOn(key, known, { value }, options)
        return version === undefined ? undefined : { key, value, version, by, at: new Date().toISOString() }
      }),
    async delete(key, { expected, ...options } = {}) {
      if (expected !== undefined) return void (await compareAndSet(key, { removed: true }, expected, options))
      await retried(key, defaultAttempts, async () => {
        const known = await read(key)
        return known?.value === undefined ? 0 : writeOn(key, known, { removed: true }, options)
      })
    },
    async entries() {
      const found = await bucket.list(valuesOf(space))
      return found.map((each) => entryOf(changeOf(each))).filter((entry) => entry !== undefined)
    },
    history: async (key) => (await bucket.history(valueKey(space, key))).map(changeOf),
    watch: (onChange) => bucket.watch(valuesOf(space), (change) => onChange(changeOf(change))),
    lock: (name, options = {}) => acquireLock(bucket, lockKey(space, name), { owner: by, ...options, name }),
    async withLock(name, options, work) {
      const lock = await acquireLock(bucket, lockKey(space, name), { owner: by, ...options, name })
      return underLock(lock, { ttlMs: options.ttlMs, logger: messaging.telemetry.logger }, work)
    },
    lockHolder: (name) => lockHolder(bucket, lockKey(space, name)),
    async clear() {
      const found = await bucket.list(escapeToken(space))
      await Promise.all(found.map(({ key }) => bucket.remove(key, { alone: true, ttlMs: noteMs })))
    },
  }
}

const defaultAttempts = 10

const conflict = (space: string, key: string, expected: number, known: ContextChange | undefined) => {
  const current = known?.value === undefined ? 0 : known.version
  const found = current === 0 ? 'not there' : `at version ${current}`
  const wanted = expected === 0 ? 'that it is not there' : `version ${expected}`
  return new Terminal('CONTEXT_CONFLICT', `key ${key} of ${space} is ${found}; expected ${wanted}`, {
    details: { key, expected, current },
    hint: 'read it again and decide anew, or use update',
  })
}

const fenced = (key: string, token: number, latest: number) =>
  new Terminal('FENCED', `key ${key} was written under token ${latest} of its lock; this write has ${token}`, {
    details: { key, token, latest },
    hint: 'the lock was lost: take it again, and read again what it protects',
  })
