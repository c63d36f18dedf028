import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Manifest } from '../snapshots.ts'
import { manifestSubject, snapshotStream } from '../streams.ts'

/** What the partition's last snapshot says of itself, without reading the snapshot. */
export async function snapshotManifest(connection: NatsConnection, partition: number): Promise<Manifest | undefined> {
  const manager = await jetstreamManager(connection)
  const query = { last_by_subj: manifestSubject(partition) }
  return (await manager.streams.getMessage(snapshotStream(partition), query))?.json<Manifest>()
}
