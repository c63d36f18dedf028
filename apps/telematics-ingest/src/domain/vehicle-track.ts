/**
 * What a vehicle said last, as far as a new frame is judged by it: its newest time, and the last value of each signal that
 * has a fastest possible change.
 *
 * Invariants:
 * 1. A value is judged against an earlier one only: what comes late is not measured by what came after it.
 * 2. A frame that is sent again meets the same verdict: what was refused for a moment is refused for that moment again,
 *    else the same frame would have another identity the second time.
 * 3. The verdict fades: the longer no value was accepted, the further the next may be away. A first wrong value blocks
 *    nothing for good.
 */
import type { telemetry } from '@pitcrew/contracts'
import { signal, signals } from '@pitcrew/signals'

export interface VehicleTrack {
  /** Unix milliseconds; 0: nothing yet. */
  readonly newestMs: number
  /** Why the value cannot be, or undefined. */
  implausible(path: string, value: number, timeMs: number): string | undefined
}

interface Last {
  value: number
  timeMs: number
}

/** Moments of which it is remembered that a value was refused. */
const refusedMoments = 32
/** A poll can be late by so much without its time stamp saying so, seconds. */
const jitterS = 1

const maxRates = new Map(
  signals.flatMap(({ path, maxRatePerSecond }) => (maxRatePerSecond === undefined ? [] : [[path, maxRatePerSecond]])),
)

export class Track implements VehicleTrack {
  newestMs = 0
  readonly #lasts = new Map<string, Last>()
  readonly #refused = new Map<number, Set<string>>()

  /** A copy to try frames on. */
  fork(): Track {
    const copy = new Track()
    copy.newestMs = this.newestMs
    for (const [path, last] of this.#lasts) copy.#lasts.set(path, last)
    for (const [timeMs, paths] of this.#refused) copy.#refused.set(timeMs, paths)
    return copy
  }

  implausible(path: string, value: number, timeMs: number): string | undefined {
    const rate = maxRates.get(path)
    if (rate === undefined) return undefined
    if (this.#refused.get(timeMs)?.has(path)) return `${path} was refused for this moment before`
    const last = this.#lasts.get(path)
    if (last === undefined || timeMs <= last.timeMs) return undefined
    const seconds = (timeMs - last.timeMs) / 1_000
    if (Math.abs(value - last.value) <= rate * (seconds + jitterS)) return undefined
    this.#refuse(path, timeMs)
    const unit = signal(path)?.unit
    return `${path} went from ${last.value} to ${value} ${unit} in ${seconds} s: at most ${rate} ${unit} a second is possible`
  }

  follow({ deviceTimeMs, readings }: telemetry.Frame): void {
    this.newestMs = Math.max(this.newestMs, deviceTimeMs)
    for (const { path, value } of readings) {
      if (!maxRates.has(path)) continue
      const last = this.#lasts.get(path)
      if (last === undefined || deviceTimeMs >= last.timeMs) this.#lasts.set(path, { value, timeMs: deviceTimeMs })
    }
  }

  #refuse(path: string, timeMs: number): void {
    this.#refused.set(timeMs, new Set([...(this.#refused.get(timeMs) ?? []), path]))
    if (this.#refused.size > refusedMoments) this.#refused.delete(this.#refused.keys().next().value!)
  }
}
