import { recordBucket, type Messaging, type StoredRecord } from '@pitcrew/messaging'
import { keptFor, type JobRecord } from './job.ts'
import { jobBucket, jobKey, keyOfId, keysOfScope } from './subjects.ts'

export interface StoredJob {
  record: JobRecord
  revision: number
}

export type Saved = { revision: number } | { conflict: StoredJob | undefined }

/** The records of jobs, changed only from the revision that the writer has seen. */
export interface JobStore {
  get(id: string): Promise<StoredJob | undefined>
  /** `expected` 0: no job has this id. */
  save(record: JobRecord, expected: number): Promise<Saved>
  scan(scope?: string, after?: number): AsyncGenerator<StoredJob>
  onWrite(id: string, listener: () => void): () => void
}

export function jobStore(messaging: Messaging): JobStore {
  const bucket = recordBucket(messaging, jobBucket)
  return {
    async get(id) {
      const found = await bucket.get(keyOfId(id))
      return found && storedJob(found)
    },
    async save(record, expected) {
      const { id, scope } = record.spec
      const outcome = await bucket.compareAndSet(jobKey(id, scope), record, expected, {
        ttlMs: keptFor(record),
        ...(expected === 0 && { unique: keyOfId(id) }),
      })
      if ('revision' in outcome) return outcome
      return { conflict: outcome.conflict && storedJob(outcome.conflict) }
    },
    async *scan(scope, after) {
      for await (const found of bucket.scan(keysOfScope(scope), after)) yield storedJob(found)
    },
    onWrite: (id, listener) => bucket.onWrite(keyOfId(id), listener),
  }
}

const storedJob = ({ value, revision }: StoredRecord): StoredJob => ({ record: value as JobRecord, revision })

/** Changes a job from whatever it is when that is written. `change` gives undefined when there is nothing to write. */
export async function change(
  store: JobStore,
  id: string,
  next: (record: JobRecord) => JobRecord | undefined,
): Promise<StoredJob | undefined> {
  let current = await store.get(id)
  while (current !== undefined) {
    const record = next(current.record)
    if (record === undefined) return current
    const saved = await store.save(record, current.revision)
    if ('revision' in saved) return { record, revision: saved.revision }
    current = saved.conflict
  }
  return undefined
}
