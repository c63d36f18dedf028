/**
 * A KV bucket of JSON values whose writers may insist on what they replace. Keys are two or more tokens, joined by dots; each
 * is escaped by whoever makes it (escapeToken).
 * 1. A revision is the sequence in the bucket's stream: it grows with every write to any key, also past removals and expiries.
 * 2. A write goes under one message id however often it is sent. The broker checks what is expected before it looks at the id,
 *    so a conditional write whose answer was lost is refused when it is sent again; by the id it is known as ours.
 */
import { headers as newHeaders, type MsgHdrs } from '@nats-io/transport-node'
import { randomUUID } from 'node:crypto'
import { toFailure } from '@pitcrew/errors'
import { brokerOf } from './connect-messaging.ts'
import type { Messaging } from './messaging.ts'
import type { ProvisionOptions, StreamConfig } from './provision.ts'
import { store } from './store.ts'
import { directGetLast } from './stored-messages.ts'
import { readStored, StreamReader, type Read } from './stream-reader.ts'

export interface Versioned {
  key: string
  revision: number
  /** undefined: it was removed. */
  value: unknown
  /** ISO 8601, by the broker's clock. */
  at: string
}

export interface WriteOptions {
  /** Only if this is the key's revision; 0: only if nothing is stored for it. Default: whatever it is. */
  expected?: number
  /** Gone by itself after so long; whole seconds, rounded up, at least one. */
  ttlMs?: number
  /** Forgets the key's earlier revisions. */
  alone?: boolean
}

export interface VersionedBucket {
  /** With its removal, if that is the last that is known. */
  get(key: string): Promise<Versioned | undefined>
  /** The new revision; undefined when the key has another than expected. */
  set(key: string, value: unknown, options?: WriteOptions): Promise<number | undefined>
  /** Leaves a note of the removal, so that those who watch learn of it. */
  remove(key: string, options?: WriteOptions): Promise<number | undefined>
  /** The last of every key that begins with these tokens, removals too. */
  list(prefix: string): Promise<Versioned[]>
  /** Oldest first, as far back as the bucket keeps them. */
  history(key: string): Promise<Versioned[]>
  /** What is there, then every change, in order. Resolves when all that was there has been given. */
  watch(prefix: string, onChange: (change: Versioned) => void): Promise<{ stop(): void }>
  /** Calls back when somebody tried to write the key: a hint to look. */
  onAttempt(key: string, listener: () => void): () => void
}

export interface BucketSpec {
  name: string
  /** Revisions kept of each key, 1 to 64. */
  revisions: number
  maxAgeMs: number
}

/** What agents working on the same thing share (libs/agent). */
export const contextBucket: BucketSpec = { name: 'context', revisions: 64, maxAgeMs: 30 * 86_400_000 }

export function bucketConfig(
  { name, revisions, maxAgeMs }: BucketSpec,
  { replicas, fileStorage }: ProvisionOptions,
): StreamConfig {
  return {
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    retention: 'limits',
    storage: fileStorage ? 'file' : 'memory',
    discard: 'new',
    max_age: maxAgeMs * 1e6,
    max_msgs_per_subject: revisions,
    allow_rollup_hdrs: true,
    allow_msg_ttl: true,
    allow_direct: true,
    deny_delete: true,
    num_replicas: replicas,
  }
}

const operation = 'KV-Operation'
const messageId = 'Nats-Msg-Id'

export function openBucket(messaging: Messaging, { name }: BucketSpec): VersionedBucket {
  const broker = brokerOf(messaging)
  const stream = `KV_${name}`
  const root = `$KV.${name}.`

  const versioned = ({ subject, data, headers, sequence, storedAt }: Read): Versioned => ({
    key: subject.slice(root.length),
    revision: sequence,
    value: headers?.has(operation) ? undefined : (JSON.parse(new TextDecoder().decode(data)) as unknown),
    at: storedAt,
  })
  const write = async (key: string, body: string, headers: MsgHdrs): Promise<number | undefined> => {
    const id = randomUUID()
    headers.set(messageId, id)
    try {
      return (await store(broker, `${root}${key}`, new TextEncoder().encode(body), headers)).sequence
    } catch (thrown) {
      if (toFailure(thrown).code !== 'WRONG_LAST_SEQUENCE') throw thrown
      const last = await directGetLast(broker.connection, stream, `${root}${key}`)
      return last?.headers?.get(messageId) === id ? last.sequence : undefined
    }
  }
  const read = async (filter: string, from: 'all' | 'last'): Promise<Versioned[]> => {
    const found: Versioned[] = []
    await readStored(broker, { stream, filter: `${root}${filter}`, from }, (stored) => found.push(versioned(stored)))
    return found
  }

  return {
    async get(key) {
      const stored = await directGetLast(broker.connection, stream, `${root}${key}`)
      return stored && versioned({ ...stored, storedAt: stored.time })
    },
    set: (key, value, options = {}) => write(key, JSON.stringify(value), headersOf(options)),
    remove(key, options = {}) {
      const headers = headersOf(options)
      headers.set(operation, options.alone ? 'PURGE' : 'DEL')
      return write(key, '', headers)
    },
    list: (prefix) => read(`${prefix}.>`, 'last'),
    history: (key) => read(key, 'all'),
    async watch(prefix, onChange) {
      const spec = { stream, filter: `${root}${prefix}.>`, from: 'last' as const }
      const reader = await StreamReader.open(broker, spec, (stored) => onChange(versioned(stored)))
      await reader.caughtUp
      return { stop: () => reader.stop() }
    },
    onAttempt(key, listener) {
      const subscription = broker.connection.subscribe(`${root}${key}`, { callback: () => listener() })
      return () => subscription.unsubscribe()
    },
  }
}

function headersOf({ expected, ttlMs, alone }: WriteOptions): MsgHdrs {
  const headers = newHeaders()
  if (expected !== undefined) headers.set('Nats-Expected-Last-Subject-Sequence', String(expected))
  if (ttlMs !== undefined) headers.set('Nats-TTL', `${Math.max(1, Math.ceil(ttlMs / 1_000))}s`)
  if (alone) headers.set('Nats-Rollup', 'sub')
  return headers
}
