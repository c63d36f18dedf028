/** Readings of one signal in one stretch of time, as charts need them. */
import { Terminal } from '@pitcrew/errors'

export interface Bucket {
  count: number
  min: number
  max: number
  sum: number
  /** The newest by device time; of several with the same, the one that came last. */
  last: number
  lastMs: number
}

/** Buckets of several signals, by signal and by their start, which is a multiple of `stepMs`. */
export class Buckets {
  readonly #stepMs: number
  readonly #most: number
  readonly #bySignal = new Map<number, Map<number, Bucket>>()
  #size = 0

  /** `most`: how many there may be in all. */
  constructor(stepMs: number, most = Infinity) {
    this.#stepMs = stepMs
    this.#most = most
  }

  get signals(): number[] {
    return [...this.#bySignal.keys()]
  }

  /** By time. */
  of(signal: number): [startMs: number, bucket: Bucket][] {
    return [...(this.#bySignal.get(signal) ?? [])].sort(([a], [b]) => a - b)
  }

  /** Terminal TOO_MANY_POINTS. */
  add(signal: number, timeMs: number, value: number): void {
    const bucket = this.#at(signal, timeMs)
    bucket.count++
    bucket.min = Math.min(bucket.min, value)
    bucket.max = Math.max(bucket.max, value)
    bucket.sum += value
    if (timeMs < bucket.lastMs) return
    bucket.last = value
    bucket.lastMs = timeMs
  }

  /** One that lies within a bucket of this step as a whole. */
  merge(signal: number, startMs: number, other: Omit<Bucket, 'lastMs'>): void {
    const bucket = this.#at(signal, startMs)
    bucket.count += other.count
    bucket.min = Math.min(bucket.min, other.min)
    bucket.max = Math.max(bucket.max, other.max)
    bucket.sum += other.sum
    if (startMs < bucket.lastMs) return
    bucket.last = other.last
    bucket.lastMs = startMs
  }

  #at(signal: number, timeMs: number): Bucket {
    let buckets = this.#bySignal.get(signal)
    if (buckets === undefined) this.#bySignal.set(signal, (buckets = new Map()))
    const start = Math.floor(timeMs / this.#stepMs) * this.#stepMs
    let bucket = buckets.get(start)
    if (bucket === undefined) {
      if (++this.#size > this.#most) throw tooMany(this.#most)
      bucket = { count: 0, min: Infinity, max: -Infinity, sum: 0, last: 0, lastMs: -Infinity }
      buckets.set(start, bucket)
    }
    return bucket
  }
}

const tooMany = (most: number): Terminal =>
  new Terminal('TOO_MANY_POINTS', `the answer would have more than ${most} points`, {
    hint: 'ask for fewer signals, a shorter range or a coarser resolution',
  })
