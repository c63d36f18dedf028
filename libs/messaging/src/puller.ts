/**
 * Owns: the requests by which one pull consumer is asked for messages.
 * 1. `outstanding` is how many messages may still come unasked-for; it never counts a request that has ended.
 * 2. Every request ends: filled, answered "none", expired, lost with a connection, or timed out by our own clock.
 * 3. A consumer that has gone (deleted, broker without its data) is made again before the request is reported as ended.
 * 4. What arrives after `stop` is given back at once, so that another instance gets it without waiting for the ack wait.
 *    What arrives after `abandon` is dropped: the consumer is reset before anyone reads from it again.
 *
 * Ours rather than the client's `consume()`: flow control by free handlers, and recovery within a second of the broker's.
 */
import { createInbox, type Msg } from '@nats-io/transport-node'
import { arrivalOf, isDelivery, settle, type Arrival } from './arrival.ts'
import type { Broker } from './broker.ts'
import { ensureConsumer, type ConsumerSpec } from './consumer-config.ts'
import { pause } from './pause.ts'

export interface Puller {
  readonly outstanding: number
  /** Without `waitMs` answered at once with what there is. */
  ask(batch: number, waitMs?: number): void
  stop(): Promise<void>
  abandon(): void
}

export interface PullerEvents {
  onArrival(arrival: Arrival): void
  /** A request ended with this many messages short. */
  onEnd(missing: number): void
}

interface Request {
  id: string
  missing: number
  /** By our monotonic clock: the broker's answer is overdue. */
  overdueAt: number
}

const graceMs = 1_000
const recoveryPauseMs = 250
/**
 * nats-server (2.14) says that a consumer is deleted before it has removed its folder. One made again under the same name
 * before that loses its own files to it, and can then be neither updated nor kept over a restart.
 */
const deletionMs = 500

export async function openPuller(broker: Broker, spec: ConsumerSpec, events: PullerEvents): Promise<Puller> {
  await ensureConsumer(broker, spec)
  const { connection } = broker
  const inbox = createInbox(`_INBOX_${broker.service}`)
  const stopping = new AbortController()
  let requests: Request[] = []
  let count = 0

  const end = (request: Request) => {
    if (!requests.includes(request)) return
    requests = requests.filter((each) => each !== request)
    if (!stopping.signal.aborted) events.onEnd(request.missing)
  }

  const recover = async (request: Request) => {
    while (!stopping.signal.aborted) {
      try {
        await ensureConsumer(broker, spec)
        break
      } catch (error) {
        broker.telemetry.logger.debug('consumer is not back yet', { consumer: spec.name, error })
        await pause(recoveryPauseMs, stopping.signal)
      }
    }
    end(request)
  }

  const onArrival = (msg: Msg) => {
    const arrival = arrivalOf(msg)
    if (stopping.signal.aborted) return settle.giveBack(connection, arrival)
    // The broker serves requests in the order they came.
    const request = requests[0]
    if (request !== undefined && --request.missing === 0) requests.shift()
    events.onArrival(arrival)
  }

  const onStatus = (msg: Msg) => {
    const request = requests.find(({ id }) => msg.subject === `${inbox}.${id}`)
    if (request === undefined) return
    if (msg.headers?.code === 503) void recover(request)
    else if (msg.headers?.code === 409) void pause(deletionMs, stopping.signal).then(() => recover(request))
    else end(request)
  }

  const subscription = connection.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      if (error !== null)
        return broker.telemetry.logger.error('pull subscription failed', { consumer: spec.name, error })
      if (isDelivery(msg)) onArrival(msg)
      else onStatus(msg)
    },
  })
  const endAll = (which: (request: Request) => boolean) => requests.filter(which).forEach(end)
  const offReconnect = broker.onReconnect(() => endAll(() => true))
  const sweep = setInterval(() => {
    const now = performance.now()
    endAll(({ overdueAt }) => overdueAt < now)
  }, graceMs)

  const endAsking = () => {
    stopping.abort()
    clearInterval(sweep)
    offReconnect()
  }

  return {
    get outstanding() {
      return requests.reduce((sum, { missing }) => sum + missing, 0)
    },
    ask(batch, waitMs) {
      if (stopping.signal.aborted || connection.isClosed() || connection.isDraining()) return
      const id = String(++count)
      requests.push({ id, missing: batch, overdueAt: performance.now() + (waitMs ?? 0) + graceMs })
      const body = waitMs === undefined ? { batch, no_wait: true } : { batch, expires: waitMs * 1e6 }
      connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${spec.stream}.${spec.name}`, JSON.stringify(body), {
        reply: `${inbox}.${id}`,
      })
    },
    async stop() {
      endAsking()
      if (!subscription.isClosed() && !subscription.isDraining()) await subscription.drain()
    },
    abandon() {
      endAsking()
      subscription.unsubscribe()
    },
  }
}
