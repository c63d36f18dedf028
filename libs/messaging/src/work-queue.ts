/**
 * A work-queue stream seen by one worker: it asks for messages when it has room, and settles each by word.
 * For libs/agent; everybody else consumes events.
 * 1. Work in hand is kept alive until it is settled, and is handed out once (see in-hand.ts).
 */
import { ROOT_CONTEXT, type Context } from '@opentelemetry/api'
import type { Failure } from '@pitcrew/errors'
import { extractTrace } from '@pitcrew/observability'
import type { Arrival } from './arrival.ts'
import type { Broker } from './broker.ts'
import { readHeaders } from './cloud-event.ts'
import { brokerOf } from './connect-messaging.ts'
import { inHandSomewhere, resetConsumer, type ConsumerSpec } from './consumer-config.ts'
import { storeDeadLetter } from './dead-letter.ts'
import { holdInHand, type InHand } from './in-hand.ts'
import type { Headers, Messaging } from './messaging.ts'
import { openPuller } from './puller.ts'

export interface Work {
  readonly subject: string
  readonly data: Uint8Array
  readonly headers: Headers
  readonly deliveries: number
  readonly context: Context
  done(): void
  giveBack(delayMs?: number): void
  /** To the dead letter, and gone from the queue. Rejects when the dead letter could not be stored. */
  refuse(failure: Failure): Promise<void>
}

export interface WorkQueueOptions {
  stream: string
  /** One consumer for all instances; its subject must not overlap another's. */
  durable: string
  subject: string
  ackWaitMs: number
  onWork: (work: Work) => void
  /** A request ended with this many messages short: the queue was empty, or was for `waitMs`. */
  onEmpty: (missing: number) => void
  /**
   * Work that an instance had in hand when it died is handed out again at once and before newer work, not when its time is
   * over and behind it. Instances that live get theirs a second time as well: for work that is recognised when it comes twice.
   */
  inOrder?: boolean
}

export interface WorkQueue {
  /** For up to `count` messages; without `waitMs` answered at once with what there is. */
  ask: (count: number, waitMs?: number) => void
  /** Asks no more. What is in hand stays so until settled or `close`. */
  stop(): Promise<void>
  close(): void
}

export async function workQueue(messaging: Messaging, options: WorkQueueOptions): Promise<WorkQueue> {
  const broker = brokerOf(messaging)
  const { stream, durable, subject, ackWaitMs, onWork, onEmpty, inOrder = false } = options
  const spec: ConsumerSpec = { stream, name: durable, filter: subject, ackWaitMs, from: 'all' }
  const inHand = holdInHand(broker.connection, ackWaitMs)
  const puller = await openPuller(broker, spec, {
    onArrival(arrival) {
      broker.metrics.backlog.record(arrival.pending, { consumer: durable })
      if (inHand.take(arrival)) onWork(workOf(broker, spec, inHand, arrival))
      // Known already: the request is spent, and brought nothing new.
      else onEmpty(1)
    },
    onEnd: onEmpty,
  })
  if (inOrder && (await inHandSomewhere(broker, spec))) await resetConsumer(broker, spec)
  return { ask: (count, waitMs) => puller.ask(count, waitMs), stop: () => puller.stop(), close: () => inHand.stop() }
}

function workOf(broker: Broker, spec: ConsumerSpec, inHand: InHand, arrival: Arrival): Work {
  const headers = readHeaders(arrival.headers)
  return {
    subject: arrival.subject,
    data: arrival.data,
    headers,
    deliveries: arrival.deliveries,
    context: arrival.headers === undefined ? ROOT_CONTEXT : extractTrace(headers),
    done: () => inHand.acknowledge(arrival),
    giveBack: (delayMs) => inHand.giveBack(arrival, delayMs),
    async refuse(failure) {
      await storeDeadLetter(broker, spec, arrival.subject, arrival, failure)
      inHand.refuse(arrival, failure.code)
    },
  }
}
