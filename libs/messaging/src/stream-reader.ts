/**
 * Reads a stream's messages without settling them: those that are stored, then those that come.
 * Owns: one push consumer at a time, which the broker forgets seconds after nobody listens to it any more.
 * 1. Messages come in the order of the stream, each once, none left out: the broker counts its deliveries, and when a number is
 *    missing, the connection was lost or the broker fell silent, reading begins again behind the last message.
 * 2. What a service may read is held by the filter, which is part of the API subject; deliveries go to its own inbox only.
 * 3. The broker waits for us (flow control) rather than cut a slow reader off.
 */
import { createInbox, type Msg, type Subscription as NatsSubscription } from '@nats-io/transport-node'
import { Retryable, toFailure } from '@pitcrew/errors'
import { arrivalOf, isDelivery, type Arrival } from './arrival.ts'
import { callApi, type Broker } from './broker.ts'
import { backoffMs, pause } from './pause.ts'

/** `last`: the last of each subject. A string is a time, ISO 8601; a number a sequence. */
export type ReadFrom = 'all' | 'last' | 'new' | string | number

export interface ReaderSpec {
  stream: string
  filter: string
  from: ReadFrom
}

export type Read = Pick<Arrival, 'subject' | 'data' | 'headers' | 'sequence' | 'storedAt'>

const heartbeatMs = 1_000
/** Heartbeats missed before the consumer counts as gone. */
const silentMs = 3.5 * heartbeatMs
const forgottenAfterMs = 5_000
const nanoseconds = (ms: number) => ms * 1e6

export class StreamReader {
  readonly #broker: Broker
  readonly #spec: ReaderSpec
  readonly #onMessage: (message: Read) => void
  readonly #stopping = new AbortController()
  readonly #caughtUp = Promise.withResolvers<void>()
  readonly #watchdog: NodeJS.Timeout
  readonly #offReconnect: () => void
  #subscription: NatsSubscription | undefined
  #delivered = 0
  #lastSequence = 0
  #heardMs = performance.now()
  #restarting = false

  private constructor(broker: Broker, spec: ReaderSpec, onMessage: (message: Read) => void) {
    this.#broker = broker
    this.#spec = spec
    this.#onMessage = onMessage
    this.#watchdog = setInterval(() => {
      if (performance.now() - this.#heardMs > silentMs) void this.#restart('the broker fell silent')
    }, heartbeatMs)
    this.#offReconnect = broker.onReconnect(() => void this.#restart('the connection was lost'))
    // Whoever does not wait for it is not told of a stop before it.
    this.#caughtUp.promise.catch(() => undefined)
  }

  /** Rejects when the first consumer cannot be made; after that it keeps trying until it is stopped. */
  static async open(broker: Broker, spec: ReaderSpec, onMessage: (message: Read) => void): Promise<StreamReader> {
    const reader = new StreamReader(broker, spec, onMessage)
    try {
      await reader.#begin()
    } catch (thrown) {
      reader.stop()
      throw thrown
    }
    return reader
  }

  /** Resolves when all that was stored at the beginning has been given; rejects when it is stopped before. */
  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise
  }

  stop(): void {
    this.#stopping.abort()
    clearInterval(this.#watchdog)
    this.#offReconnect()
    this.#subscription?.unsubscribe()
    this.#caughtUp.reject(new Retryable('READER_STOPPED', 'stopped before what is stored was read'))
  }

  async #begin(): Promise<void> {
    const { connection, service } = this.#broker
    this.#subscription?.unsubscribe()
    this.#delivered = 0
    const inbox = createInbox(`_INBOX_${service}`)
    const subscription = connection.subscribe(inbox, {
      callback: (error, msg) => {
        if (subscription !== this.#subscription || error !== null) return
        this.#onMsg(msg)
      },
    })
    this.#subscription = subscription
    const name = inbox.replaceAll(/[^A-Za-z0-9-]/g, '-')
    const { stream, filter } = this.#spec
    const { num_pending: pending } = await callApi<{ num_pending: number }>(
      connection,
      `CONSUMER.CREATE.${stream}.${name}.${filter}`,
      { stream_name: stream, config: this.#config(name, inbox) },
    )
    this.#heardMs = performance.now()
    // Some may have come before the answer; then the last of them says that nothing waits behind it.
    if (pending === 0) this.#caughtUp.resolve()
  }

  #config(name: string, inbox: string): Record<string, unknown> {
    return {
      name,
      filter_subject: this.#spec.filter,
      deliver_subject: inbox,
      ack_policy: 'none',
      replay_policy: 'instant',
      mem_storage: true,
      num_replicas: 1,
      flow_control: true,
      idle_heartbeat: nanoseconds(heartbeatMs),
      inactive_threshold: nanoseconds(forgottenAfterMs),
      ...deliverFrom(this.#lastSequence > 0 ? this.#lastSequence + 1 : this.#spec.from),
    }
  }

  #onMsg(msg: Msg): void {
    this.#heardMs = performance.now()
    if (!isDelivery(msg)) return this.#onStatus(msg)
    const arrival = arrivalOf(msg)
    if (arrival.consumerSequence !== this.#delivered + 1) return void this.#restart('a delivery is missing')
    this.#delivered++
    this.#lastSequence = arrival.sequence
    this.#onMessage(arrival)
    if (arrival.pending === 0) this.#caughtUp.resolve()
  }

  /** A heartbeat, or the question whether we keep up: https://docs.nats.io/reference/reference-protocols/nats_api_reference */
  #onStatus(msg: Msg): void {
    const stalled = msg.headers?.get('Nats-Consumer-Stalled')
    if (msg.reply) msg.respond()
    else if (stalled) this.#broker.connection.publish(stalled)
    else if (Number(msg.headers?.get('Nats-Last-Consumer')) > this.#delivered)
      void this.#restart('the last delivery is missing')
  }

  async #restart(reason: string): Promise<void> {
    if (this.#restarting || this.#stopping.signal.aborted) return
    this.#restarting = true
    const { telemetry } = this.#broker
    telemetry.logger.info('reading begins again', { stream: this.#spec.stream, reason })
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      try {
        await this.#begin()
        break
      } catch (thrown) {
        telemetry.logger.debug('reading cannot begin yet', { stream: this.#spec.stream, error: toFailure(thrown) })
        await pause(backoffMs(attempt, 100, 1_000), this.#stopping.signal)
      }
    }
    this.#restarting = false
    if (this.#stopping.signal.aborted) this.#subscription?.unsubscribe()
  }
}

function deliverFrom(from: ReadFrom): Record<string, unknown> {
  if (typeof from === 'number') return { deliver_policy: 'by_start_sequence', opt_start_seq: from }
  if (from === 'last') return { deliver_policy: 'last_per_subject' }
  if (from === 'all' || from === 'new') return { deliver_policy: from }
  return { deliver_policy: 'by_start_time', opt_start_time: from }
}

const readWithinMs = 20_000

/** All that is stored under the filter, oldest first, one at a time. Retryable when the broker does not give it in 20 s. */
export async function readStored(broker: Broker, spec: ReaderSpec, onMessage: (message: Read) => void): Promise<void> {
  const reader = await StreamReader.open(broker, spec, onMessage)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Retryable('BROKER_UNAVAILABLE', `${spec.stream} was not read in ${readWithinMs / 1_000} s`)),
    readWithinMs,
  )
  try {
    await Promise.race([reader.caughtUp, late.promise])
  } finally {
    clearTimeout(timer)
    reader.stop()
  }
}
