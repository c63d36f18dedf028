import { Cancelled, Retryable } from '@pitcrew/errors'

/**
 * Bounds what waits for the broker, in frames. A request larger than the bound passes alone, so that none waits forever.
 * Those that wait are let in in the order in which they came.
 */
export interface InFlight {
  /** Throws Retryable OVERLOADED when there is no room now. */
  enter(frames: number): void
  /** Waits for room. Throws Cancelled when the signal aborts first. */
  waitToEnter(frames: number, signal?: AbortSignal): Promise<void>
  leave(frames: number): void
}

export function inFlightBound(most: number): InFlight {
  let inside = 0
  const queue: { frames: number; go: () => void }[] = []
  const fits = (frames: number) => inside === 0 || inside + frames <= most

  const admit = () => {
    while (queue.length > 0 && fits(queue[0]!.frames)) {
      const { frames, go } = queue.shift()!
      inside += frames
      go()
    }
  }

  return {
    enter(frames) {
      if (queue.length > 0 || !fits(frames))
        throw new Retryable(
          'OVERLOADED',
          `${inside} frames wait for the broker and ${frames} more do not fit: at most ${most} may wait`,
          {
            afterMs: 1_000,
            hint: 'send the same request again after the time given',
          },
        )
      inside += frames
    },
    waitToEnter(frames, signal) {
      return new Promise((resolve, reject) => {
        const abort = () => {
          queue.splice(queue.indexOf(waiting), 1)
          reject(new Cancelled('ABORTED', 'the caller went away while its frames waited for room'))
        }
        const waiting = {
          frames,
          go: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        queue.push(waiting)
        admit()
        if (!queue.includes(waiting)) return
        if (signal?.aborted) abort()
        else signal?.addEventListener('abort', abort, { once: true })
      })
    },
    leave(frames) {
      inside -= frames
      admit()
    },
  }
}
