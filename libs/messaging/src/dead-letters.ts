import type { NatsConnection } from '@nats-io/transport-node'
import { headers as newHeaders } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'
import { callApi, type Broker } from './broker.ts'
import { readHeaders, setHeader } from './cloud-event.ts'
import { brokerOf } from './connect-messaging.ts'
import { deadLetterHeaders } from './dead-letter.ts'
import type { Headers, Messaging, PublishAck } from './messaging.ts'
import { directGet, directGetAll, type StoredMessage } from './stored-messages.ts'
import { store } from './store.ts'

export interface DeadLetter {
  sequence: number
  /** Where the message had been. */
  subject: string
  /** Who could not handle it, and for what purpose. */
  service: string
  consumer: string
  code: string
  message: string
  deliveries: number
  at: string
  replayed: boolean
}

/** For an operator's identity: it reads all of DEAD_LETTER and publishes where the messages came from. */
export interface DeadLetters {
  /** Oldest first; default at most 1,000. */
  list(options?: { limit?: number }): Promise<DeadLetter[]>
  /**
   * Publishes the message again where it had been, once however often asked. Every consumer of it gets it, not only the one
   * that failed: it keeps its CloudEvents id. Terminal NOT_FOUND.
   */
  replay(sequence: number): Promise<PublishAck>
}

const stream = 'DEAD_LETTER'
const markerSubject = 'dead-letter.replayed'
const replayedFrom = 'pitcrew-replayed-from'

export function deadLetters(messaging: Messaging): DeadLetters {
  const broker = brokerOf(messaging)
  return {
    list: ({ limit = 1_000 } = {}) => list(broker.connection, limit),
    replay: (sequence) => replay(broker, sequence),
  }
}

async function list(connection: NatsConnection, limit: number): Promise<DeadLetter[]> {
  const { state } = await callApi<{ state: { first_seq: number; last_seq: number } }>(
    connection,
    `STREAM.INFO.${stream}`,
    undefined,
  )
  const letters: DeadLetter[] = []
  const replayed = new Set<number>()
  for await (const stored of directGetAll(connection, stream, state.first_seq, state.last_seq)) {
    if (stored.subject.startsWith(`${markerSubject}.`)) replayed.add(Number(stored.subject.split('.').at(-1)))
    else if (letters.length < limit) letters.push(letterOf(stored))
  }
  return letters.map((letter) => ({ ...letter, replayed: replayed.has(letter.sequence) }))
}

function letterOf({ sequence, headers, time }: StoredMessage): DeadLetter {
  const read = (name: keyof typeof deadLetterHeaders) => headers?.get(deadLetterHeaders[name]) ?? ''
  return {
    sequence,
    subject: read('subject'),
    service: read('service'),
    consumer: read('consumer'),
    code: read('code'),
    message: read('message'),
    deliveries: Number(read('deliveries')),
    at: time,
    replayed: false,
  }
}

async function replay(broker: Broker, sequence: number): Promise<PublishAck> {
  const letter = await directGet(broker.connection, stream, sequence)
  const dead: Headers = readHeaders(letter?.headers)
  const subject = dead.get(deadLetterHeaders.subject)
  if (letter === undefined || subject === undefined) {
    throw new Terminal('NOT_FOUND', `no dead letter ${sequence}`, { hint: 'list them; they are kept for thirty days' })
  }
  const own = new Set<string>(Object.values(deadLetterHeaders))
  const headers = newHeaders()
  for (const [name, values] of letter.headers ?? []) {
    if (!own.has(name) && !name.startsWith('Nats-')) for (const value of values) headers.append(name, value)
  }
  setHeader(headers, replayedFrom, String(sequence))
  setHeader(headers, 'Nats-Msg-Id', `replay/${sequence}`)
  const ack = await store(broker, subject, letter.data, headers)
  const marker = newHeaders()
  setHeader(marker, 'Nats-Msg-Id', `replayed/${sequence}`)
  await store(broker, `${markerSubject}.${sequence}`, new Uint8Array(), marker)
  return ack
}
