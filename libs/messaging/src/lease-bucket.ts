/**
 * The KV bucket `leases`: who is there, and who holds which partition. Keys:
 *   <service>.<group>.member.<instance>     beats, so that others see it live
 *   <service>.<group>.partition.<number>    its holder and epoch, changed only by compare-and-set
 */
import { headers as newHeaders } from '@nats-io/transport-node'
import { Retryable, toFailure } from '@pitcrew/errors'
import { brokerFailure, refusalFailure, type ApiRefusal } from './broker-failure.ts'
import type { Broker } from './broker.ts'
import type { ProvisionOptions, StreamConfig } from './provision.ts'

const bucket = 'leases'
const stream = `KV_${bucket}`

/** On file: epochs are fences, so they must not begin again when the server restarts. */
export function leaseBucketConfig({ replicas, fileStorage }: ProvisionOptions): StreamConfig {
  return {
    name: stream,
    subjects: [`$KV.${bucket}.>`],
    retention: 'limits',
    storage: fileStorage ? 'file' : 'memory',
    discard: 'new',
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    allow_msg_ttl: true,
    allow_direct: true,
    deny_delete: true,
    num_replicas: replicas,
  }
}

export interface Entry {
  key: string
  revision: number
  value: unknown
}

export interface LeaseBucket {
  /** The last value of every key that matches. */
  read(): Promise<Entry[]>
  /** The new revision; undefined when the key has another revision than `expected` (0: it must not exist). `ttl`: "1h". */
  compareAndSet(key: string, value: unknown, expected: number, ttl?: string): Promise<number | undefined>
  /** Calls back when a partition's key was written, at most once each time: a hint to look sooner. */
  onPartitionChange(listener: () => void): () => void
}

/** `prefix`: "<service>.<group>". `timeoutMs`: of one call. */
export function openLeaseBucket(broker: Broker, prefix: string, timeoutMs: number): LeaseBucket {
  const { connection } = broker
  const root = `$KV.${bucket}.${prefix}.`
  return {
    async read() {
      const entries: Entry[] = []
      let complete = false
      const body = JSON.stringify({ multi_last: [`${root}>`] })
      const options = { strategy: 'sentinel' as const, maxWait: timeoutMs }
      const replies = await connection.requestMany(`$JS.API.DIRECT.GET.${stream}`, body, options)
      for await (const msg of replies) {
        const subject = msg.headers?.get('Nats-Subject')
        if (!subject?.startsWith(root)) {
          // 404: no such key; 204: end of the batch.
          complete = msg.headers?.code === 404 || msg.headers?.code === 204
          break
        }
        entries.push({
          key: subject.slice(root.length),
          revision: Number(msg.headers?.get('Nats-Sequence')),
          value: msg.json(),
        })
      }
      // Half a picture would show live members as gone.
      if (!complete) throw new Retryable('BROKER_UNAVAILABLE', 'the leases could not be read in full')
      return entries
    },
    async compareAndSet(key, value, expected, ttl) {
      const headers = newHeaders()
      headers.set('Nats-Expected-Last-Subject-Sequence', String(expected))
      if (ttl !== undefined) headers.set('Nats-TTL', ttl)
      const subject = `${root}${key}`
      const answer = await connection
        .request(subject, JSON.stringify(value), { headers, timeout: timeoutMs })
        .catch((thrown: unknown) => {
          throw brokerFailure(thrown, subject)
        })
      const { seq, error } = answer.json<{ seq: number; error?: ApiRefusal }>()
      if (error === undefined) return seq
      const failure = toFailure(refusalFailure(error, subject))
      if (failure.code === 'WRONG_LAST_SEQUENCE') return undefined
      throw failure
    },
    onPartitionChange(listener) {
      const subscription = connection.subscribe(`${root}partition.*`, { callback: () => listener() })
      return () => subscription.unsubscribe()
    },
  }
}
