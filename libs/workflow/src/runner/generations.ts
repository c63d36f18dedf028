/**
 * Owns: a map of the latest entries. Holds the last `most` that were set, and up to as many before them: entries go a generation
 * at a time, since a Map from which the oldest is deleted one by one walks over what was deleted each time.
 */
export class Generations<V> {
  readonly #most: number
  #old = new Map<string, V>()
  #young = new Map<string, V>()

  constructor(most: number, entries: Iterable<[string, V]> = []) {
    this.#most = most
    for (const [id, value] of entries) this.set(id, value)
  }

  get size(): number {
    return this.#old.size + this.#young.size
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id)
  }

  get(id: string): V | undefined {
    return this.#young.get(id) ?? this.#old.get(id)
  }

  set(id: string, value: V): void {
    this.#old.delete(id)
    this.#young.set(id, value)
    if (this.#young.size >= this.#most) this.turn()
  }

  /** The young are old from now on; the old are gone. */
  turn(): void {
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<[string, V]> {
    yield* this.#old
    yield* this.#young
  }
}
