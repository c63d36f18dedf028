/** Runs at most so many at once; the others wait their turn in the order in which they came. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number
  #load = 0

  constructor(slots: number) {
    this.#free = slots
  }

  /** Running and waiting. */
  get load(): number {
    return this.#load
  }

  async run<T>(act: () => Promise<T>): Promise<T> {
    this.#load++
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await act()
    } finally {
      this.#load--
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
