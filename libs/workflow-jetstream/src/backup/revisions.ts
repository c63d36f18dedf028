/**
 * Follows the workflows of one partition through its log, and holds what it sees against what must be true of it.
 *
 *  V1 The transitions of a workflow count up by one, from 1 when it was started (W2).
 *  V2 Nothing follows the end of a workflow but a new start (W3).
 *  V3 What a snapshot says of a workflow is what the log says as of the same frame.
 */
import { Terminal } from '@pitcrew/errors'
import type { Entry, WorkflowState } from '@pitcrew/workflow'

type Standing = Pick<WorkflowState, 'revision' | 'status'>

const isOpen = (status: WorkflowState['status']): boolean => ['pending', 'running', 'paused'].includes(status)
const isOver = (status: WorkflowState['status']): boolean => status === 'completed' || status === 'cancelled'

export class Revisions {
  readonly #known = new Map<string, Standing>()
  readonly #ended = new Set<string>()
  /** Whether the log reaches back to its first frame. */
  readonly #fromStart: boolean
  #ends = 0

  constructor(fromStart: boolean) {
    this.#fromStart = fromStart
  }

  get open(): number {
    let count = 0
    for (const { status } of this.#known.values()) if (isOpen(status)) count++
    return count
  }

  /** How many ended within what is left of the log. */
  get ends(): number {
    return this.#ends
  }

  /** @throws Terminal LOG_DAMAGED */
  take({ id, revision, event, after: { status } }: Entry): void {
    const before = this.#known.get(id)
    if (event.type === 'started') this.#begin(id, revision, before)
    else if (this.#ended.has(id)) throw wrong(`${id} goes on after its end`)
    else if (before !== undefined && revision !== before.revision + 1)
      throw wrong(`${id} goes from transition ${before.revision} to ${revision}`)
    else if (before === undefined && this.#fromStart) throw wrong(`${id} begins with transition ${revision}`)
    if (isOver(status)) this.#end(id)
    else this.#known.set(id, { revision, status })
  }

  #begin(id: string, revision: number, before: Standing | undefined): void {
    if (before !== undefined) throw wrong(`${id} is started while it is ${before.status}`)
    if (revision !== 1) throw wrong(`${id} is started as transition ${revision}`)
    this.#ended.delete(id)
  }

  #end(id: string): void {
    this.#known.delete(id)
    this.#ended.add(id)
    this.#ends++
  }

  /** The snapshot as of the frame that was taken last. @throws Terminal SNAPSHOT_DAMAGED */
  meet(snapshot: ReadonlyMap<string, Standing>): void {
    for (const [id, { revision, status }] of this.#known) {
      if (isOpen(status) && !snapshot.has(id)) throw differs(`${id} is open in the log and not in the snapshot`)
      const held = snapshot.get(id)
      if (held !== undefined && held.revision !== revision)
        throw differs(`${id} has ${held.revision} transitions, the log says ${revision}`)
    }
    for (const [id, { revision, status }] of snapshot) {
      if (this.#ended.has(id)) throw differs(`${id} is in the snapshot and has ended in the log`)
      this.#known.set(id, { revision, status })
    }
  }
}

const hint = 'keep the data as it is, and restore a backup onto a new broker'
const wrong = (why: string): Terminal => new Terminal('LOG_DAMAGED', why, { hint })
const differs = (why: string): Terminal => new Terminal('SNAPSHOT_DAMAGED', `the snapshot differs: ${why}`, { hint })
