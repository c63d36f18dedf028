/**
 * The surroundings of the vehicles that one holder of a partition watches.
 * 1. They are at most `freshMs` old, and never older than the last change of a model or rule.
 * 2. Bounded: the least recently used go first, and are read again.
 */
import type { Surroundings } from '../domain/surroundings.ts'
import type { SurroundingsSource } from './surroundings.ts'

const freshMs = 60_000

interface Known {
  surroundings: Surroundings
  edition: number
  readAtMs: number
}

export class SurroundingsAtHand {
  readonly #source: SurroundingsSource
  readonly #most: number
  readonly #now: () => number
  readonly #known = new Map<string, Known>()

  constructor(source: SurroundingsSource, most: number, now: () => number) {
    this.#source = source
    this.#most = most
    this.#now = now
  }

  /** Something of them has changed: they are read again. */
  forget(vehicleIds: Iterable<string>): void {
    for (const vehicleId of vehicleIds) this.#known.delete(vehicleId)
  }

  async fetch(vehicleIds: Iterable<string>): Promise<Map<string, Surroundings>> {
    const edition = this.#source.edition()
    const nowMs = this.#now()
    const found = new Map<string, Surroundings>()
    const missing: string[] = []
    for (const vehicleId of vehicleIds) {
      const known = this.#known.get(vehicleId)
      if (known === undefined || known.edition !== edition || nowMs - known.readAtMs > freshMs) missing.push(vehicleId)
      else found.set(vehicleId, known.surroundings)
    }
    if (missing.length === 0) return found
    for (const [vehicleId, surroundings] of await this.#source.of(missing)) {
      found.set(vehicleId, surroundings)
      this.#known.delete(vehicleId)
      this.#known.set(vehicleId, { surroundings, edition, readAtMs: nowMs })
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break
      this.#known.delete(oldest)
    }
    return found
  }
}
