/** Those who follow workflows from this instance, woken when the projection here has taken something in. */
export class Followers {
  readonly #waiting = new Map<() => void, ReadonlySet<string>>()

  moved(ids: readonly string[]): void {
    if (this.#waiting.size === 0) return
    for (const [wake, followed] of [...this.#waiting]) if (ids.some((id) => followed.has(id))) wake()
  }

  /** Resolves when one of them has moved, after a while (another instance may have taken it in), or with the signal. */
  async next(ids: ReadonlySet<string>, patienceMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMs)
    const wake = (): void => resolve()
    this.#waiting.set(wake, ids)
    signal.addEventListener('abort', wake)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(wake)
    signal.removeEventListener('abort', wake)
  }
}
