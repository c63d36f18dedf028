import type { Failure } from '@pitcrew/errors'

/** What may end a task before its handler does: its deadline, a stop, a cancellation. The first reason holds. */
export class CutShort {
  #reason: Failure | undefined
  /** Made only for handlers that look at it. */
  #controller: AbortController | undefined
  #reject: ((reason: Failure) => void) | undefined

  get reason(): Failure | undefined {
    return this.#reason
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  by(reason: Failure): void {
    if (this.#reason) return
    this.#reason = reason
    this.#controller?.abort(reason)
    this.#reject?.(reason)
  }

  /** What the work gives, or a rejection with the reason as soon as there is one. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      work.then(resolve, reject)
      if (this.#reason) reject(this.#reason)
    })
  }
}
