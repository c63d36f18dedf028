/**
 * The streams that hold workflows: for each partition a log and its snapshots. The number of partitions is fixed when the
 * log is made, since a workflow's partition follows from its id; it stands in the streams' metadata and is checked.
 */
import {
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'

export const logStream = (partition: number): string => `WORKFLOW_LOG_${partition}`
export const logSubject = (partition: number): string => `workflow.log.${partition}`
export const snapshotStream = (partition: number): string => `WORKFLOW_SNAPSHOT_${partition}`
export const chunkSubject = (partition: number): string => `workflow.snapshot.${partition}.chunk`
export const manifestSubject = (partition: number): string => `workflow.snapshot.${partition}.manifest`
export const inboxSubject = (partition: number): string => `workflow.inbox.${partition}`
export const resultsSubject = (partition: number): string => `workflow.results.${partition}`

const partitionsKey = 'pitcrew-partitions'

/** Makes the streams if they are not there. @throws Terminal PARTITIONS_DIFFER */
export async function provisionWorkflowStreams(
  connection: NatsConnection,
  { partitions, replicas }: { partitions: number; replicas: number },
): Promise<void> {
  const manager = await jetstreamManager(connection)
  const common = {
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    metadata: { [partitionsKey]: String(partitions) },
  }
  for (let partition = 0; partition < partitions; partition++) {
    await ensure(manager, {
      ...common,
      name: logStream(partition),
      subjects: [logSubject(partition)],
      deny_delete: true,
    })
    const subjects = [chunkSubject(partition), manifestSubject(partition)]
    await ensure(manager, { ...common, name: snapshotStream(partition), subjects })
  }
}

async function ensure(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  try {
    await manager.streams.add(config)
  } catch (error) {
    const info = await manager.streams.info(config.name).catch(() => undefined)
    if (!info) throw error
    const made = info.config.metadata?.[partitionsKey]
    const asked = config.metadata?.[partitionsKey]
    if (made === asked) return
    throw new Terminal(
      'PARTITIONS_DIFFER',
      `the workflow log was made with ${made} partitions, this service asks for ${asked}`,
      {
        hint: `set WORKFLOW_PARTITIONS=${made}; the number cannot be changed once workflows have run`,
        cause: error,
      },
    )
  }
}
