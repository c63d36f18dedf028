/**
 * What was done for which message, so that one that comes again is not done again by this process.
 * 1. While it is being done, whoever brings it again waits for the same end.
 * 2. What failed is forgotten, and done again when it comes again.
 */
export class Once<T> {
  readonly #done = new Map<string, Promise<T>>()
  readonly #most: number

  constructor(most = 1_000) {
    this.#most = most
  }

  run(id: string, work: () => Promise<T>): Promise<T> {
    const known = this.#done.get(id)
    if (known !== undefined) return known
    const run = work()
    this.#done.set(id, run)
    run.catch(() => this.#done.delete(id))
    for (const oldest of this.#done.keys()) {
      if (this.#done.size <= this.#most) break
      this.#done.delete(oldest)
    }
    return run
  }
}
