/**
 * Request and reply without storage.
 * A failure travels as JSON in the reply, marked by a header, and is thrown again at the caller with its kind, code and hint.
 */
import { SpanKind } from '@opentelemetry/api'
import { headers as newHeaders, type Msg } from '@nats-io/transport-node'
import { fromWire, toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import { extractTrace, injectTrace, inSpan } from '@pitcrew/observability'
import { brokerFailure } from './broker-failure.ts'
import { messagingAttributes, type Broker } from './broker.ts'
import { readHeaders } from './cloud-event.ts'
import type { Headers, RequestOptions, RespondOptions, Subscription } from './messaging.ts'

const failureHeader = 'pitcrew-failure'

export function request(
  broker: Broker,
  subject: string,
  data: Uint8Array,
  options: RequestOptions,
): Promise<Uint8Array> {
  const { timeoutMs, template = subject } = options
  const spanOptions = { kind: SpanKind.CLIENT, attributes: messagingAttributes('request', 'send', template) }
  return inSpan(broker.telemetry, `request ${template}`, spanOptions, async () => {
    const headers = newHeaders()
    injectTrace(headers)
    const reply = await broker.connection
      .request(subject, data, { headers, timeout: timeoutMs })
      .catch((thrown: unknown) => {
        throw brokerFailure(thrown, template)
      })
    if (reply.headers?.has(failureHeader)) throw fromWire(reply.json<WireFailure>())
    return reply.data
  })
}

type Responder = (data: Uint8Array, headers: Headers, subject: string) => Promise<Uint8Array>

export async function respond(
  broker: Broker,
  subject: string,
  options: RespondOptions,
  handler: Responder,
): Promise<Subscription> {
  const { queue, template = subject } = options
  const { connection } = broker
  const running = new Set<Promise<void>>()
  const subscription = connection.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, msg) => {
      if (error !== null) return broker.telemetry.logger.error('responder failed', { subject, error })
      const run = answer(broker, template, msg, handler).finally(() => running.delete(run))
      running.add(run)
    },
  })
  // Once the broker has answered, requests find us.
  await connection.flush()
  return {
    async stop() {
      if (!subscription.isClosed() && !subscription.isDraining()) await subscription.drain()
      await Promise.all(running)
    },
  }
}

async function answer(broker: Broker, template: string, msg: Msg, handler: Responder): Promise<void> {
  const headers = readHeaders(msg.headers)
  const spanOptions = {
    kind: SpanKind.CONSUMER,
    attributes: messagingAttributes('process', 'process', template),
    parent: extractTrace(headers),
  }
  const started = performance.now()
  try {
    msg.respond(
      await inSpan(broker.telemetry, `process ${template}`, spanOptions, () => handler(msg.data, headers, msg.subject)),
    )
  } catch (thrown) {
    const failure = toFailure(thrown)
    if (failure.code === 'INTERNAL')
      broker.telemetry.logger.error('responder threw', { subject: template, error: failure })
    const marked = newHeaders()
    marked.set(failureHeader, failure.kind)
    msg.respond(JSON.stringify(toWire(failure)), { headers: marked })
  } finally {
    broker.metrics.processed.record((performance.now() - started) / 1_000, {
      'messaging.destination.template': template,
    })
  }
}

export function listen(
  broker: Broker,
  subject: string,
  handler: (data: Uint8Array, subject: string) => void | Promise<void>,
): Subscription {
  const { connection } = broker
  const subscription = connection.subscribe(subject, {
    callback: (error, msg) => {
      if (error !== null) return broker.telemetry.logger.error('listener failed', { subject, error })
      void run(msg)
    },
  })
  const run = async (msg: Msg) => {
    try {
      await handler(msg.data, msg.subject)
    } catch (error) {
      broker.telemetry.logger.error('listener threw', { subject, error })
    }
  }
  return {
    stop: async () => {
      if (!subscription.isClosed() && !subscription.isDraining()) await subscription.drain()
    },
  }
}
