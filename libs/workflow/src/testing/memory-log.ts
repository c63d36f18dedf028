import { Retryable, Terminal } from '@pitcrew/errors'
import type { Log, SavedSnapshot, Snapshot, SnapshotWriter, Snapshots } from '../runner/ports.ts'

/** What a fault of the disk or the network does to an append. `lost-answer`: it was written, but the writer does not learn. */
export type AppendFault = 'none' | 'refused' | 'lost-answer'

/** A log in memory that keeps to the port's contract, with faults on demand. Several writers may share one. */
export class MemoryLog implements Log {
  readonly frames: { sequence: number; frame: Uint8Array }[] = []
  /** Asked before each append. */
  fault: () => AppendFault = () => 'none'
  /** Awaited before each append: how long the disk takes. */
  delay: () => Promise<void> = () => Promise.resolve()

  async append(frame: Uint8Array, expected: number): Promise<number> {
    await this.delay()
    const last = this.frames.at(-1)?.sequence ?? 0
    if (last !== expected) throw new Terminal('FENCED', `the log is at ${last}, this writer expected ${expected}`)
    const fault = this.fault()
    if (fault === 'refused') throw new Retryable('LOG_UNAVAILABLE', 'the frame was refused')
    this.frames.push({ sequence: last + 1, frame: Uint8Array.from(frame) })
    if (fault === 'lost-answer') throw new Retryable('LOG_UNAVAILABLE', 'no answer came')
    return last + 1
  }

  async *read(sequence: number): AsyncIterable<{ sequence: number; frame: Uint8Array }> {
    for (const one of [...this.frames]) if (one.sequence > sequence) yield one
  }
}

export class MemorySnapshots implements Snapshots {
  last: Omit<Snapshot, 'workflows'> & { workflows: string[] } = { sequence: 0, checksum: 0, ended: [], workflows: [] }

  begin(): SnapshotWriter {
    const workflows: string[] = []
    return {
      add: async (slice) => void workflows.push(...slice),
      commit: async (rest) => {
        this.last = structuredClone({ ...rest, workflows })
      },
    }
  }

  async load(): Promise<SavedSnapshot | undefined> {
    const { workflows, ended, ...rest } = structuredClone(this.last)
    return rest.sequence === 0 ? undefined : { ...rest, workflows: [workflows], ended: async () => ended }
  }
}
