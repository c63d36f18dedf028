/**
 * Owns: when a snapshot is taken, and taking it beside the work.
 *
 * Invariants
 *  N1 A snapshot is the state as of one frame; it is committed only once that frame is durable.
 *  N2 It is written in slices, between which the partition goes on (what changes meanwhile is saved first; see workflows.ts).
 *  N3 Snapshots cost a bounded share of the work however many workflows are open: at least as many transitions lie between
 *     two of them as twice the workflows that each has to write.
 */
import { toFailure, type Failure } from '@pitcrew/errors'
import type { Snapshots } from './ports.ts'
import type { Workflows } from './workflows.ts'

interface End {
  sequence: number
  checksum: number
}

export interface SnapshottingOptions {
  workflows: Workflows
  snapshots: Snapshots
  every: number
  ended: () => [string, number][]
  onTrouble: (failure: Failure) => void
}

/** Workflows in a slice: some milliseconds of work. */
const slice = 500

export class Snapshotting {
  readonly #options: SnapshottingOptions
  #since = 0
  #running: Promise<void> | undefined

  constructor(options: SnapshottingOptions) {
    this.#options = options
  }

  get due(): boolean {
    const { every, workflows } = this.#options
    return !this.#running && this.#since >= Math.max(every, 2 * workflows.size)
  }

  count(transitions: number): void {
    this.#since += transitions
  }

  /** Takes the state as it is now. @param frame resolves to the frame that it belongs to, once that is durable */
  begin(frame: Promise<End>): void {
    this.#since = 0
    this.#running = this.#take(frame).finally(() => (this.#running = undefined))
  }

  /** Waits for the one under way; then takes the last one, if told as of which frame. */
  async finish(end?: End): Promise<void> {
    await this.#running
    if (end) await this.#take(Promise.resolve(end))
  }

  /** A snapshot only spares reading, so one that cannot be saved is reported and the next one tried in its time. */
  async #take(frame: Promise<End>): Promise<void> {
    const { workflows, snapshots, ended, onTrouble } = this.#options
    const slices = workflows.capture(slice)
    try {
      let next = slices.next()
      const writer = snapshots.begin()
      const taken = ended()
      const [end] = await Promise.all([
        frame,
        (async () => {
          for (; !next.done; next = slices.next()) await writer.add(next.value)
        })(),
      ])
      await writer.commit({ ...end, ended: taken })
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code !== 'NOT_LEADER') onTrouble(failure)
    } finally {
      slices.return(undefined)
    }
  }
}
