/**
 * Owns: messages that wait to be part of a batch.
 * 1. A batch has at most `maxMessages`, and begins at most `maxWaitMs` after its first message when nothing else is handled.
 * 2. At most two batches' worth of messages is in hand: one handled, one gathering.
 * 3. Once the source has lost its order, what waits is dropped and nothing is handed out until it has begun anew.
 */
import type { Arrival } from './arrival.ts'
import type { BatchSource } from './batch-source.ts'
import type { InHand } from './in-hand.ts'
import type { BatchOptions } from './messaging.ts'

const pullMs = 3_000

export class BatchGatherer {
  readonly #maxMessages: number
  readonly #maxWaitMs: number
  readonly #inHand: InHand
  #source: BatchSource | undefined
  #waiting: Arrival[] = []
  #wake: () => void = () => undefined
  #stopped = false

  constructor({ maxMessages, maxWaitMs }: Pick<BatchOptions, 'maxMessages' | 'maxWaitMs'>, inHand: InHand) {
    this.#maxMessages = maxMessages
    this.#maxWaitMs = maxWaitMs
    this.#inHand = inHand
  }

  start(source: BatchSource): void {
    this.#source = source
    this.askForMore()
  }

  add(arrival: Arrival): void {
    if (!this.#inHand.take(arrival)) return
    this.#waiting.push(arrival)
    if (this.#waiting.length === 1 || this.#waiting.length >= this.#maxMessages) this.#wake()
    this.askForMore()
  }

  askForMore(): void {
    const source = this.#source
    if (this.#stopped || source === undefined) return
    const room = 2 * this.#maxMessages - this.#inHand.size - source.outstanding
    if (room >= this.#maxMessages || (room > 0 && source.outstanding === 0)) source.ask(room, pullMs)
  }

  /** Only while no batch is handled. Empty when stopped, or when the order was lost. */
  async next(): Promise<Arrival[]> {
    await this.#source?.inOrder()
    this.askForMore()
    await this.#until(() => this.#waiting.length > 0)
    await this.#until(() => this.#waiting.length >= this.#maxMessages, this.#maxWaitMs)
    return this.#stopped ? [] : this.#waiting.splice(0, this.#maxMessages)
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  giveBack(): void {
    this.#source?.giveBack(this.#waiting.splice(0))
  }

  drop(): void {
    this.#waiting = []
    this.#wake()
  }

  async #until(enough: () => boolean, limitMs?: number): Promise<void> {
    let over = false
    const expire = () => {
      over = true
      this.#wake()
    }
    const timer = limitMs === undefined ? undefined : setTimeout(expire, limitMs)
    while (!enough() && !over && !this.#stopped && !this.#source?.lost) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    clearTimeout(timer)
  }
}
