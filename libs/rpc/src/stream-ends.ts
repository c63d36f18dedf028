/**
 * The two ends of an object stream as an iterable and a function, with backpressure in both directions.
 *
 * 1. At most `readAhead` messages wait to be read; more stay with the sender.
 * 2. `send` resolves when the next message may be sent, so that awaiting it bounds what waits to be written.
 * 3. When the call fails or is given up, whoever waits on either end is told why, a reader after what has arrived.
 */
const readAhead = 16

export interface Incoming<T> extends AsyncIterable<T> {
  /** Ends it for the reader after what has arrived. */
  end(): void
  fail(reason: unknown): void
  /** Whether the other side has said that nothing more comes. */
  readonly ended: boolean
}

type End = { reason?: unknown }

interface Source<T> {
  on(event: 'data', listener: (message: T) => void): unknown
  on(event: 'end', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
}

interface Sink<T> {
  on(event: 'drain', listener: () => void): unknown
  write(message: T): boolean
}

export function incoming<T>(stream: Source<T>): Incoming<T> {
  const arrived: T[] = []
  let waiting: PromiseWithResolvers<IteratorResult<T>> | undefined
  let over: End | undefined
  let ended = false

  const finish = (end: End) => {
    if (over !== undefined) return
    over = end
    stream.pause()
    const reader = waiting
    waiting = undefined
    if ('reason' in end) reader?.reject(end.reason)
    else reader?.resolve({ done: true, value: undefined })
  }
  stream.on('data', (message: T) => {
    if (over !== undefined) return
    if (waiting === undefined) {
      if (arrived.push(message) >= readAhead) stream.pause()
      return
    }
    waiting.resolve({ done: false, value: message })
    waiting = undefined
  })
  // A connection that breaks looks like an orderly end at first, and is told as a failure in the same turn.
  stream.on('end', () =>
    setImmediate(() => {
      ended = true
      finish({})
    }),
  )

  const next = async (): Promise<IteratorResult<T>> => {
    const message = arrived.shift()
    if (message !== undefined) {
      if (arrived.length === 0 && over === undefined) stream.resume()
      return { done: false, value: message }
    }
    if (over !== undefined && 'reason' in over) throw over.reason
    if (over !== undefined) return { done: true, value: undefined }
    waiting = Promise.withResolvers()
    return waiting.promise
  }
  return {
    end: () => finish({}),
    fail: (reason) => finish({ reason }),
    get ended() {
      return ended
    },
    [Symbol.asyncIterator]: () => ({ next }),
  }
}

export interface Outgoing<T> {
  send(message: T): Promise<void>
  fail(reason: unknown): void
}

export function outgoing<T>(stream: Sink<T>): Outgoing<T> {
  let drained: PromiseWithResolvers<void> | undefined
  let failed: End | undefined
  stream.on('drain', () => {
    drained?.resolve()
    drained = undefined
  })
  return {
    async send(message) {
      if (failed !== undefined) throw failed.reason
      if (stream.write(message)) return
      drained ??= Promise.withResolvers()
      await drained.promise
    },
    fail(reason) {
      failed ??= { reason }
      drained?.reject(reason)
      drained = undefined
    },
  }
}
