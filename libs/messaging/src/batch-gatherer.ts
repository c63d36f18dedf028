/**
 * Owns: messages that wait to be part of a batch.
 * 1. A batch has at most `maxMessages`, and begins at most `maxWaitMs` after its first message when nothing else is handled.
 * 2. At most two batches' worth of messages is in hand: one handled, one gathering.
 */
import type { Arrival } from './arrival.ts'
import type { InHand } from './in-hand.ts'
import type { BatchOptions } from './messaging.ts'
import type { Puller } from './puller.ts'

const pullMs = 3_000

export class BatchGatherer {
  readonly #maxMessages: number
  readonly #maxWaitMs: number
  readonly #inHand: InHand
  #puller: Puller | undefined
  #waiting: Arrival[] = []
  #wake: () => void = () => undefined
  #stopped = false

  constructor({ maxMessages, maxWaitMs }: Pick<BatchOptions, 'maxMessages' | 'maxWaitMs'>, inHand: InHand) {
    this.#maxMessages = maxMessages
    this.#maxWaitMs = maxWaitMs
    this.#inHand = inHand
  }

  start(puller: Puller): void {
    this.#puller = puller
    this.askForMore()
  }

  add(arrival: Arrival): void {
    if (!this.#inHand.take(arrival)) return
    this.#waiting.push(arrival)
    if (this.#waiting.length === 1 || this.#waiting.length >= this.#maxMessages) this.#wake()
    this.askForMore()
  }

  askForMore(): void {
    const puller = this.#puller
    if (this.#stopped || puller === undefined) return
    const room = 2 * this.#maxMessages - this.#inHand.size - puller.outstanding
    if (room >= this.#maxMessages || (room > 0 && puller.outstanding === 0)) puller.ask(room, pullMs)
  }

  /** Empty when stopped. */
  async next(): Promise<Arrival[]> {
    await this.#until(() => this.#waiting.length > 0)
    await this.#until(() => this.#waiting.length >= this.#maxMessages, this.#maxWaitMs)
    return this.#stopped ? [] : this.#waiting.splice(0, this.#maxMessages)
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  giveBack(): void {
    for (const arrival of this.#waiting.splice(0)) this.#inHand.giveBack(arrival)
  }

  async #until(enough: () => boolean, limitMs?: number): Promise<void> {
    let over = false
    const expire = () => {
      over = true
      this.#wake()
    }
    const timer = limitMs === undefined ? undefined : setTimeout(expire, limitMs)
    while (!enough() && !over && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    clearTimeout(timer)
  }
}
