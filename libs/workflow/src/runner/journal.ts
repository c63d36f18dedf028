/**
 * Owns: the order in which transitions become durable. Gathers them into frames and appends one frame at a time.
 *
 * Invariants
 *  P1 One frame is in flight at a time; what comes meanwhile gathers for the next one.
 *  P2 Nobody is answered before the frame that holds what they asked for is durable, nor before those ahead of it.
 *  P3 A frame that may not have been written ends the leadership: nothing is written after it, and all who wait are told.
 */
import { Retryable, toFailure, type Failure } from '@pitcrew/errors'
import { encodeFrame } from './frame.ts'
import type { Log } from './ports.ts'

interface Gathered<Effect> {
  /** Absent for somebody who waits for those before. */
  entry?: { text: string; effect: Effect }
  resolve: () => void
  reject: (reason: Failure) => void
}

/** Characters at which a frame is cut: at most three bytes each in UTF-8, and a broker takes 1 MiB by default. */
const frameLength = 256 * 1024

export interface JournalOptions<Effect> {
  log: Log
  sequence: number
  checksum: number
  /** Nothing is gathered: the state in memory is the state as of the frame in flight, which `settled` waits for. */
  onWhole: () => void
  /** The frame is durable: its consequences may leave. Called after those who asked have been answered. */
  onDurable: (effects: Effect[]) => void
  onLost: (reason: Failure) => void
}

export class Journal<Effect> {
  readonly #options: JournalOptions<Effect>
  #sequence: number
  #checksum: number
  #gathered: Gathered<Effect>[] = []
  #inFlight: Promise<void> | undefined
  #lost: Failure | undefined

  constructor(options: JournalOptions<Effect>) {
    this.#options = options
    this.#sequence = options.sequence
    this.#checksum = options.checksum
  }

  /** Of the last durable frame. */
  get end(): { sequence: number; checksum: number } {
    return { sequence: this.#sequence, checksum: this.#checksum }
  }

  get lost(): Failure | undefined {
    return this.#lost
  }

  /** An empty frame: whoever wrote before can write no more. */
  async fence(): Promise<void> {
    await this.#append([])
  }

  /** Resolves when the entry is durable. @throws Retryable NOT_LEADER */
  add(text: string, effect: Effect): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ entry: { text, effect }, resolve, reject })
      this.#pump()
    })
  }

  /** Resolves when everything gathered so far is durable. */
  settled(): Promise<void> {
    if (this.#gathered.length === 0) {
      return (this.#inFlight ?? Promise.resolve()).catch((error: unknown) => {
        throw notLeader(`the frame was not written: ${toFailure(error).message}`, error)
      })
    }
    return new Promise((resolve, reject) => this.#gathered.push({ resolve, reject }))
  }

  /** Resolves when nothing is in flight any more, written or lost. */
  async idle(): Promise<void> {
    while (this.#inFlight && !this.#lost) await this.#inFlight.catch(() => undefined)
  }

  /** Writes no more. */
  lose(reason: Failure): void {
    if (this.#lost) return
    this.#lost = reason.code === 'NOT_LEADER' ? reason : notLeader(reason.message, reason)
    for (const { reject } of this.#gathered) reject(this.#lost)
    this.#gathered = []
    this.#options.onLost(reason)
  }

  #pump(): void {
    if (this.#inFlight || this.#lost) return
    // A turn of the event loop, so that what comes with the same packet goes into the same frame.
    this.#inFlight = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#write())
    this.#inFlight.then(
      () => {
        this.#inFlight = undefined
        if (this.#gathered.length > 0) this.#pump()
      },
      (error: unknown) => this.lose(toFailure(error)),
    )
  }

  async #write(): Promise<void> {
    const cut = this.#cut()
    const entries: { text: string; effect: Effect }[] = []
    for (const { entry } of cut) if (entry) entries.push(entry)
    if (this.#gathered.length === 0) this.#options.onWhole()
    try {
      if (entries.length > 0) await this.#append(entries)
    } catch (error) {
      const failure = toFailure(error)
      for (const { reject } of cut) reject(notLeader(`the frame was not written: ${failure.message}`, error))
      throw failure
    }
    for (const { resolve } of cut) resolve()
    this.#options.onDurable(entries.map(({ effect }) => effect))
    if (this.#gathered.length === 0) this.#options.onWhole()
  }

  async #append(entries: { text: string }[]): Promise<void> {
    const { frame, checksum } = encodeFrame(
      entries.map(({ text }) => text),
      this.#checksum,
    )
    this.#sequence = await this.#options.log.append(frame, this.#sequence)
    this.#checksum = checksum
  }

  /** As much of what was gathered as fits a frame. */
  #cut(): Gathered<Effect>[] {
    let length = 0
    const end = this.#gathered.findIndex(({ entry }, i) => (length += entry?.text.length ?? 0) > frameLength && i > 0)
    if (end >= 0) return this.#gathered.splice(0, end)
    const all = this.#gathered
    this.#gathered = []
    return all
  }
}

export const notLeader = (message: string, cause?: unknown): Retryable =>
  new Retryable('NOT_LEADER', message, { cause })
