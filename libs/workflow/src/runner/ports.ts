/** What the runner needs of the world. Each has a fake in testing/ that passes the same contract tests. */
import type { Incoming } from '../core/event.ts'
import type { Json } from '../definition/json.ts'

/** One partition's log: frames in order, with one writer at a time. */
export interface Log {
  /**
   * Appends if the last sequence is still `expected`, and resolves when the frame is durable, with its sequence.
   * @throws Terminal FENCED if somebody else has written; Retryable if it is not known whether the frame was written
   */
  append(frame: Uint8Array, expected: number): Promise<number>
  /** The frames behind `sequence` that are there now. */
  read(sequence: number): AsyncIterable<{ sequence: number; frame: Uint8Array }>
}

/** State of a partition as of one frame of its log. */
export interface Snapshot {
  sequence: number
  /** Of the log's chain at that frame. */
  checksum: number
  /** JSON, one workflow each, in pieces of any size. */
  workflows: AsyncIterable<string[]> | Iterable<string[]>
  /** Ids of ended workflows that may not be started again, with the time they ended. */
  ended: [string, number][]
}

/** A snapshot in the making. It counts only once `commit` has resolved; one that is left unfinished never counts. */
export interface SnapshotWriter {
  add(workflows: string[]): Promise<void>
  /** Resolves when the snapshot is durable; the log before it may then be cut. */
  commit(rest: Omit<Snapshot, 'workflows'>): Promise<void>
}

/** To be read in this order: workflows, then the ended, and to the end of both, which is when damage would show. */
export interface SavedSnapshot extends Omit<Snapshot, 'ended'> {
  ended: () => Promise<Snapshot['ended']>
}

export interface Snapshots {
  begin(): SnapshotWriter
  load(): Promise<SavedSnapshot | undefined>
}

export interface TaskToRun {
  workflowId: string
  path: string
  attempt: number
  capability: string
  input: Json
  /** 1 (urgent) to 4 (routine) */
  priority: number
  /** For one attempt at the agent, milliseconds. */
  timeoutMs: number
  /** Unix ms of the transition that started it. */
  startedAt: number
  trace?: string
}

export interface TaskQueue {
  /** Resolves when the tasks are where agents will find them. The same task may be handed in again. */
  dispatch(tasks: TaskToRun[]): Promise<void>
  /** Tells agents that nobody waits for these any more. A hint: a result that comes all the same is refused. */
  cancel?(tasks: { workflowId: string; path: string; attempt: number }[]): void
}

/** Other workflows, wherever they are led. Each call resolves when what it asks is durable there; asking again is harmless. */
export interface Peers {
  submit(id: string, event: Incoming): Promise<void>
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Calls back once at or after `at`; gives what cancels it. */
  wakeAt(at: number, wake: () => void): () => void
}

/** The machine's. Long waits are cut up, since a timer of Node holds at most 2^31 - 1 ms. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(at, wake) {
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const left = at - Date.now()
      timer = left > 86_400_000 ? setTimeout(arm, 86_400_000) : setTimeout(wake, Math.max(0, left))
    }
    arm()
    return () => clearTimeout(timer)
  },
}
