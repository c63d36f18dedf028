/**
 * Makes the streams be exactly what contracts says. Run by a tool or at start, never by a handler.
 * 1. A stream is only ever added or updated here, never deleted: what is in it is somebody's.
 * 2. A difference that JetStream cannot apply in place (retention, storage) is an error, never ignored.
 */
import type { NatsConnection } from '@nats-io/transport-node'
import { streams, type StreamSpec } from '@pitcrew/contracts'
import { Terminal, toFailure } from '@pitcrew/errors'
import { callApi } from './broker.ts'
import { leaseBucketConfig } from './lease-bucket.ts'
import { mqttInboxConfig } from './mqtt/inbox.ts'
import { requireVersion } from './server-version.ts'
import { bucketConfig, contextBucket } from './versioned-bucket.ts'

export interface ProvisionOptions {
  /** 1 on one server, 3 on a cluster. */
  replicas: number
  /** False only where nothing needs to survive the server. */
  fileStorage: boolean
}

export type StreamConfig = Record<string, unknown> & { name: string; subjects: string[] }

/** A stream is files that are made and synced: on a slow disk, and a stream after the other, that takes its time. */
const withinMs = 30_000

const nanoseconds = (ms: number) => ms * 1e6

export function streamConfig(
  name: string,
  spec: StreamSpec,
  { replicas, fileStorage }: ProvisionOptions,
): StreamConfig {
  return {
    name,
    subjects: [...spec.subjects],
    retention: spec.retention === 'work-queue' ? 'workqueue' : 'limits',
    storage: fileStorage ? 'file' : 'memory',
    discard: 'old',
    max_age: nanoseconds(spec.maxAgeMs),
    duplicate_window: nanoseconds(spec.duplicateWindowMs),
    num_replicas: replicas,
    allow_direct: true,
  }
}

/** Terminal BROKER_TOO_OLD, NO_JETSTREAM, STREAM_MISMATCH; Retryable when the broker is not reached. */
export async function provisionStreams(connection: NatsConnection, options: ProvisionOptions): Promise<void> {
  requireVersion(connection.info)
  for (const [name, spec] of Object.entries(streams))
    await provisionStream(connection, streamConfig(name, spec, options))
  await provisionStream(connection, leaseBucketConfig(options))
  await provisionStream(connection, bucketConfig(contextBucket, options))
  await provisionStream(connection, mqttInboxConfig(options))
}

/** Also for the streams that another library owns. */
export async function provisionStream(connection: NatsConnection, wanted: StreamConfig): Promise<void> {
  const found = await streamInfo(connection, wanted.name)
  if (found === undefined) return void (await callApi(connection, `STREAM.CREATE.${wanted.name}`, wanted, withinMs))
  const changed = Object.keys(wanted).filter((key) => JSON.stringify(found[key]) !== JSON.stringify(wanted[key]))
  if (changed.length === 0) return
  try {
    await callApi(connection, `STREAM.UPDATE.${wanted.name}`, { ...found, ...wanted }, withinMs)
  } catch (thrown) {
    const failure = toFailure(thrown)
    if (failure.kind === 'retryable') throw failure
    throw new Terminal(
      'STREAM_MISMATCH',
      `stream ${wanted.name} differs in ${changed.join(', ')}, which JetStream cannot change: ${failure.message}`,
      {
        cause: thrown,
        hint: 'move its messages to a new stream, or delete it if they are not needed',
      },
    )
  }
}

async function streamInfo(connection: NatsConnection, name: string): Promise<Record<string, unknown> | undefined> {
  try {
    const subject = `STREAM.INFO.${name}`
    return (await callApi<{ config: Record<string, unknown> }>(connection, subject, undefined, withinMs)).config
  } catch (thrown) {
    if (toFailure(thrown).code === 'NOT_FOUND') return undefined
    throw thrown
  }
}
