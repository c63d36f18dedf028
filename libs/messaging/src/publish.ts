import { randomUUID } from 'node:crypto'
import { SpanKind } from '@opentelemetry/api'
import { headers as newHeaders } from '@nats-io/transport-node'
import type { EventType } from '@pitcrew/contracts'
import { attributes, injectTrace, inSpan } from '@pitcrew/observability'
import type { Outgoing } from './ack-inbox.ts'
import { messagingAttributes, type Broker } from './broker.ts'
import { eventHeaders, setHeader } from './cloud-event.ts'
import type { AnyEvent, Publication, PublishAck, SendOptions } from './messaging.ts'
import { store, storeAll } from './store.ts'
import { subjectOf, templateOf } from './subjects.ts'

/** Enough in flight to fill the broker's pipe, few enough that acknowledgements do not time out behind one another. */
const window = 512

export function publishOne<T>(broker: Broker, event: EventType<T>, publication: Publication<T>): Promise<PublishAck> {
  const template = templateOf(event)
  const id = publication.id ?? randomUUID()
  const spanAttributes = { ...messagingAttributes('send', 'send', template), [attributes.messagingMessageId]: id }
  return inSpan(
    broker.telemetry,
    `send ${template}`,
    { kind: SpanKind.PRODUCER, attributes: spanAttributes },
    async () => {
      const [ack] = await storeAll(broker, [outgoing(event, { ...publication, id }, stampOf(broker, event))])
      broker.metrics.sent.add(1, { [attributes.messagingDestinationTemplate]: template })
      return ack!
    },
  )
}

export function publishMany<T>(
  broker: Broker,
  event: EventType<T>,
  items: readonly Publication<T>[],
): Promise<PublishAck[]> {
  const template = templateOf(event)
  const spanAttributes = {
    ...messagingAttributes('send', 'send', template),
    [attributes.messagingBatchCount]: items.length,
  }
  return inSpan(
    broker.telemetry,
    `send ${template}`,
    { kind: SpanKind.PRODUCER, attributes: spanAttributes },
    async () => {
      const acks: PublishAck[] = []
      const stamp = stampOf(broker, event)
      for (let from = 0; from < items.length; from += window) {
        const messages = items.slice(from, from + window).map((item) => outgoing(event, item, stamp))
        acks.push(...(await storeAll(broker, messages)))
      }
      broker.metrics.sent.add(items.length, { [attributes.messagingDestinationTemplate]: template })
      return acks
    },
  )
}

/** The headers that the messages of one call have in common; what is left is the id of each. */
function stampOf(broker: Broker, event: AnyEvent): (id: string) => Uint8Array {
  const trace = new Map<string, string>()
  injectTrace(trace)
  const source = `/pitcrew/${broker.service}/${broker.instance}`
  return eventHeaders({ type: event.subject, source, time: new Date().toISOString() }, trace)
}

function outgoing<T>(
  event: EventType<T>,
  { key, message, id = randomUUID() }: Publication<T>,
  stamp: (id: string) => Uint8Array,
): Outgoing {
  return { subject: subjectOf(event, key), data: event.codec.encode(message).finish(), headers: stamp(id) }
}

export function sendBytes(
  broker: Broker,
  subject: string,
  data: Uint8Array,
  options: SendOptions = {},
): Promise<PublishAck> {
  const { id = randomUUID(), template = subject } = options
  const spanAttributes = { ...messagingAttributes('send', 'send', template), [attributes.messagingMessageId]: id }
  return inSpan(
    broker.telemetry,
    `send ${template}`,
    { kind: SpanKind.PRODUCER, attributes: spanAttributes },
    async () => {
      const headers = newHeaders()
      for (const [name, value] of Object.entries(options.headers ?? {})) setHeader(headers, name, value)
      setHeader(headers, 'Nats-Msg-Id', id)
      injectTrace(headers)
      const ack = await store(broker, subject, data, headers)
      broker.metrics.sent.add(1, { [attributes.messagingDestinationTemplate]: template })
      return ack
    },
  )
}
