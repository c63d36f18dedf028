/**
 * A KV bucket of records, for libraries that keep state on the broker.
 * 1. A record is changed only from the revision that its writer has seen.
 * 2. A write whose acknowledgement was lost and which is sent again is known as ours, and is no conflict.
 * 3. Resolved means stored (see store.ts): a broker that is away for less than 20 s is waited for, also to read one record.
 */
import { headers as newHeaders, type Msg } from '@nats-io/transport-node'
import { Retryable, toFailure } from '@pitcrew/errors'
import { randomUUID } from 'node:crypto'
import { brokerFailure } from './broker-failure.ts'
import { brokerOf } from './connect-messaging.ts'
import type { Messaging } from './messaging.ts'
import { backoffMs, pause } from './pause.ts'
import type { ProvisionOptions, StreamConfig } from './provision.ts'
import { store } from './store.ts'

export interface StoredRecord {
  key: string
  revision: number
  value: unknown
  /** When it was written, by the broker's clock, ISO 8601. */
  at: string
}

export interface RecordWrite {
  /** The broker forgets the record after this long; at least a second. Default: it stays. */
  ttlMs?: number
  /** Pattern of keys of which there may be only one: with `expected` 0, none that matches may exist. */
  unique?: string
}

/** `conflict`: the record is not at the expected revision; here is what it is now. */
export type WriteOutcome = { revision: number } | { conflict: StoredRecord | undefined }

/** Keys are subject tokens joined by dots; the caller escapes them (escapeToken). */
export interface RecordBucket {
  /** A pattern with "*" has to match one record at most. */
  get(pattern: string): Promise<StoredRecord | undefined>
  /** `expected` 0: it must not exist. */
  compareAndSet(key: string, value: unknown, expected: number, write?: RecordWrite): Promise<WriteOutcome>
  /** In the order of their last change. One that changes meanwhile may be given twice, and is never left out. */
  scan(pattern: string, after?: number): AsyncGenerator<StoredRecord>
  /** Called when somebody writes, also in vain: a hint to look. */
  onWrite(pattern: string, listener: () => void): () => void
}

const writeId = 'Nats-Msg-Id'
const timeoutMs = 5_000
const givenUpAfterMs = 20_000
const batch = 500
/** Longer than one write is attempted. */
const duplicateWindowMs = 30_000

export function recordBucketConfig(bucket: string, { replicas, fileStorage }: ProvisionOptions): StreamConfig {
  return {
    name: `KV_${bucket}`,
    subjects: [`$KV.${bucket}.>`],
    retention: 'limits',
    storage: fileStorage ? 'file' : 'memory',
    discard: 'new',
    max_msgs_per_subject: 1,
    duplicate_window: duplicateWindowMs * 1e6,
    allow_rollup_hdrs: true,
    allow_msg_ttl: true,
    allow_direct: true,
    deny_delete: true,
    num_replicas: replicas,
  }
}

export function recordBucket(messaging: Messaging, bucket: string): RecordBucket {
  const broker = brokerOf(messaging)
  const { connection } = broker
  const root = `$KV.${bucket}.`
  const api = `$JS.API.DIRECT.GET.KV_${bucket}`

  const read = async (pattern: string): Promise<(StoredRecord & { write: string | undefined }) | undefined> => {
    const body = JSON.stringify({ last_by_subj: `${root}${pattern}` })
    const reply = await untilAnswered(() => connection.request(api, body, { timeout: timeoutMs }), api)
    const record = recordOf(reply, root)
    return record && { ...record, write: reply.headers?.get(writeId) }
  }

  return {
    get: read,
    async compareAndSet(key, value, expected, { ttlMs, unique } = {}) {
      const headers = newHeaders()
      const write = randomUUID()
      headers.set(writeId, write)
      headers.set('Nats-Expected-Last-Subject-Sequence', String(expected))
      if (unique !== undefined) headers.set('Nats-Expected-Last-Subject-Sequence-Subject', `${root}${unique}`)
      if (ttlMs !== undefined) headers.set('Nats-TTL', `${Math.max(1, Math.ceil(ttlMs / 1_000))}s`)
      try {
        const data = new TextEncoder().encode(JSON.stringify(value))
        return { revision: (await store(broker, `${root}${key}`, data, headers)).sequence }
      } catch (thrown) {
        if (toFailure(thrown).code !== 'WRONG_LAST_SEQUENCE') throw thrown
        const current = await read(unique ?? key)
        return current?.write === write ? { revision: current.revision } : { conflict: current }
      }
    },
    async *scan(pattern, after = 0) {
      for (let next = after + 1; ;) {
        const replies = await connection.requestMany(
          api,
          JSON.stringify({ seq: next, batch, next_by_subj: `${root}${pattern}` }),
          { strategy: 'timer', maxWait: timeoutMs },
        )
        const { records, last, count } = await pageOf(replies, root)
        yield* records
        if (count < batch) return
        next = last + 1
      }
    },
    onWrite(pattern, listener) {
      const subscription = connection.subscribe(`${root}${pattern}`, { callback: () => listener() })
      return () => subscription.unsubscribe()
    },
  }
}

async function untilAnswered(ask: () => Promise<Msg>, api: string): Promise<Msg> {
  const giveUpAt = performance.now() + givenUpAfterMs
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (thrown) {
      const failure = brokerFailure(thrown, api)
      if (failure.kind !== 'retryable' || performance.now() >= giveUpAt) throw failure
      await pause(backoffMs(attempt, 50, 1_000))
    }
  }
}

async function pageOf(replies: AsyncIterable<Msg>, root: string) {
  const page = { records: [] as StoredRecord[], last: 0, count: 0 }
  for await (const reply of replies) {
    // 404: none at all; 204: end of the batch.
    if (!reply.headers?.get('Nats-Subject')) return page
    page.last = Number(reply.headers.get('Nats-Sequence'))
    page.count++
    const record = recordOf(reply, root)
    if (record !== undefined) page.records.push(record)
  }
  throw new Retryable('BROKER_UNAVAILABLE', 'the records could not be read in full')
}

/** undefined for "not found", and for the marker that a tool leaves of a record which it deleted. */
function recordOf({ headers, data }: Msg, root: string): StoredRecord | undefined {
  const subject = headers?.get('Nats-Subject')
  if (!subject?.startsWith(root) || data.length === 0) return undefined
  return {
    key: subject.slice(root.length),
    revision: Number(headers?.get('Nats-Sequence')),
    value: JSON.parse(new TextDecoder().decode(data)) as unknown,
    at: headers?.get('Nats-Time-Stamp') ?? '',
  }
}
