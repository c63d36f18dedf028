import {
  provisionStream,
  recordBucketConfig,
  taskPriorities,
  type Messaging,
  type ProvisionOptions,
} from '@pitcrew/messaging'
import { cancelSubject, jobBucket, jobStream, jobSubjects, queueDurable, queueFilter } from './subjects.ts'

/**
 * Makes the stream and the bucket, by a tool or at start. Schedules and jobs stay until they are done, so nothing has an age.
 * What jobs must survive (a power cut) is decided by the broker's `sync_interval` and `replicas`.
 */
export async function provisionJobs(connection: Messaging['connection'], options: ProvisionOptions): Promise<void> {
  await provisionStream(connection, {
    name: jobStream,
    subjects: jobSubjects,
    retention: 'workqueue',
    storage: options.fileStorage ? 'file' : 'memory',
    discard: 'old',
    max_age: 0,
    duplicate_window: 30 * 1e9,
    num_replicas: options.replicas,
    allow_direct: true,
    allow_msg_schedules: true,
    allow_msg_ttl: true,
  })
  await provisionStream(connection, recordBucketConfig(jobBucket, options))
}

/** What an identity on the broker needs beside what its service has anyway, `dead-letter.<service>.>` among it. */
export function jobPermissions(use: { adds?: boolean; performs?: readonly string[] }): {
  publish: string[]
  subscribe: string[]
} {
  const { adds = false, performs = [] } = use
  if (!adds && performs.length === 0) return { publish: [], subscribe: [] }
  const consumers = performs.flatMap((kind) =>
    taskPriorities.flatMap((priority) => {
      const durable = queueDurable(kind, priority)
      return [
        `$JS.API.CONSUMER.CREATE.${jobStream}.${durable}.${queueFilter(kind, priority)}`,
        `$JS.API.CONSUMER.MSG.NEXT.${jobStream}.${durable}`,
        `$JS.API.DIRECT.GET.${jobStream}.${queueFilter(kind, priority)}`,
        `$JS.ACK.${jobStream}.${durable}.>`,
        // With domain and account, nats-server 2.15 and newer.
        `$JS.ACK.*.*.${jobStream}.${durable}.>`,
      ]
    }),
  )
  return {
    publish: [
      'job.queue.>',
      'job.at.>',
      'job.void.>',
      cancelSubject,
      `$KV.${jobBucket}.>`,
      `$JS.API.DIRECT.GET.KV_${jobBucket}`,
      ...consumers,
    ],
    subscribe: [`$KV.${jobBucket}.>`, ...(performs.length > 0 ? [cancelSubject] : [])],
  }
}
