/**
 * Follows the workflows of one partition through its log, and holds what it sees against what must be true of it.
 *
 *  V1 The transitions of a workflow count up by one, from 1 when it was started (W2).
 *  V2 Nothing follows the end of a workflow (W3) but a new start, and what its family has to say: that its parent was told, or
 *     that a child which it gave up has ended.
 *  V3 What a snapshot says of a workflow is what the log says as of the same frame.
 */
import { Terminal } from '@pitcrew/errors'
import type { Entry, WorkflowState } from '@pitcrew/workflow'

type Standing = Pick<WorkflowState, 'revision' | 'status'>

const isOpen = (status: WorkflowState['status']): boolean => ['pending', 'running', 'paused'].includes(status)
const isOver = (status: WorkflowState['status']): boolean => status === 'completed' || status === 'cancelled'

/** What comes of a workflow that has ended already. */
const family: Entry['event']['type'][] = ['parent-told', 'child-ended']

export class Revisions {
  readonly #known = new Map<string, Standing>()
  readonly #ended = new Map<string, Standing>()
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
    if (event.type === 'started') this.#begin(id, revision)
    else this.#goOn(id, revision, event.type)
    const standing = { revision, status }
    if (!isOver(status)) return void this.#known.set(id, standing)
    if (!this.#ended.has(id)) this.#ends++
    this.#known.delete(id)
    this.#ended.set(id, standing)
  }

  #begin(id: string, revision: number): void {
    const before = this.#known.get(id)
    if (before !== undefined) throw wrong(`${id} is started while it is ${before.status}`)
    if (revision !== 1) throw wrong(`${id} is started as transition ${revision}`)
    this.#ended.delete(id)
  }

  #goOn(id: string, revision: number, type: Entry['event']['type']): void {
    if (this.#ended.has(id) && !family.includes(type)) throw wrong(`${id} goes on after its end`)
    const before = this.#known.get(id) ?? this.#ended.get(id)
    if (before === undefined && this.#fromStart) throw wrong(`${id} begins with transition ${revision}`)
    if (before !== undefined && revision !== before.revision + 1)
      throw wrong(`${id} goes from transition ${before.revision} to ${revision}`)
  }

  /** The snapshot as of the frame that was taken last. @throws Terminal SNAPSHOT_DAMAGED */
  meet(snapshot: ReadonlyMap<string, Standing>): void {
    for (const [id, { status }] of this.#known)
      if (isOpen(status) && !snapshot.has(id)) throw differs(`${id} is open in the log and not in the snapshot`)
    for (const [id, standing] of snapshot) {
      const seen = this.#known.get(id) ?? this.#ended.get(id)
      if (seen !== undefined) compare(id, standing, seen)
      if (isOver(standing.status)) this.#ended.set(id, standing)
      else this.#known.set(id, standing)
    }
  }
}

function compare(id: string, held: Standing, seen: Standing): void {
  if (held.revision !== seen.revision)
    throw differs(`${id} has ${held.revision} transitions, the log says ${seen.revision}`)
  if (held.status !== seen.status) throw differs(`${id} is ${held.status}, the log says ${seen.status}`)
}

const hint = 'keep the data as it is, and restore a backup onto a new broker'
const wrong = (why: string): Terminal => new Terminal('LOG_DAMAGED', why, { hint })
const differs = (why: string): Terminal => new Terminal('SNAPSHOT_DAMAGED', `the snapshot differs: ${why}`, { hint })
