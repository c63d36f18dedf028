/**
 * Owns: what is remembered of workflows that have ended: that their ids are taken, how the latest of them ended, and who
 * waits to be told.
 *
 * Invariants
 *  E1 An id stays taken for the retention time at least, unless so many others have ended that it is crowded out.
 *  E2 Who waits for an ending is told when it is durable, or that this instance leads no more.
 */
import type { Failure, WireFailure } from '@pitcrew/errors'
import { open, type Status, type WorkflowState } from '../core/state.ts'
import type { Json } from '../definition/json.ts'
import { Generations } from './generations.ts'

export interface Ending {
  status: Status
  outcome: string
  /** What the definition's `result` gives; null without one. */
  output: Json
  failure?: WireFailure & { node: string }
  endedAt: number
}

const mostIds = 100_000
/** Characters of outputs that are kept for whoever asks after the end, twice. */
const mostCharacters = 8 * 1024 * 1024
const mostEndings = 10_000
const weekMs = 7 * 86_400_000

export const endingOf = (state: WorkflowState): Ending => ({
  status: state.status,
  outcome: state.outcome ?? '',
  output: state.output ?? null,
  ...(state.failure && { failure: state.failure }),
  endedAt: state.endedAt ?? 0,
})

interface Waiting {
  resolve: (ending: Ending) => void
  reject: (reason: Failure) => void
}

export class Ended {
  readonly #at: Generations<number>
  readonly #endings = new Generations<Ending>(mostEndings)
  readonly #waiting = new Map<string, Waiting[]>()
  #characters = 0

  constructor(at: Iterable<[string, number]> = []) {
    this.#at = new Generations(mostIds, at)
  }

  has(id: string): boolean {
    return this.#at.has(id)
  }

  add(id: string, at: number): void {
    this.#at.set(id, at)
  }

  /** Those whose ids are to stay taken, oldest first. */
  kept(now: number, retentionMs = weekMs): [string, number][] {
    return [...this.#at].filter(([, at]) => at >= now - retentionMs)
  }

  ending(id: string): Ending | undefined {
    return this.#endings.get(id)
  }

  await(id: string): Promise<Ending> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(id)
      if (waiting) waiting.push({ resolve, reject })
      else this.#waiting.set(id, [{ resolve, reject }])
    })
  }

  /** The workflow has ended, durably. A failed one may be opened again, and is then not remembered here. */
  tell(state: WorkflowState): void {
    if (open(state)) return
    const ending = endingOf(state)
    if (state.status !== 'failed') this.#remember(state.id, ending)
    for (const { resolve } of this.#waiting.get(state.id) ?? []) resolve(ending)
    this.#waiting.delete(state.id)
  }

  stop(reason: Failure): void {
    for (const waiting of this.#waiting.values()) for (const { reject } of waiting) reject(reason)
    this.#waiting.clear()
  }

  #remember(id: string, ending: Ending): void {
    this.#characters += ending.output === null ? 0 : JSON.stringify(ending.output).length
    if (this.#characters > mostCharacters) {
      this.#endings.turn()
      this.#characters = 0
    }
    this.#endings.set(id, ending)
  }
}
