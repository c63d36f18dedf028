/** One delivery of a JetStream message, and the words that settle it. */
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node'

export interface Arrival {
  readonly subject: string
  readonly data: Uint8Array
  readonly headers: MsgHdrs | undefined
  /** Where the settling word goes; it says which delivery this is. */
  readonly reply: string
  readonly sequence: number
  /** Counts the consumer's deliveries, also those of a message that comes again; from 1 after a reset. */
  readonly consumerSequence: number
  readonly deliveries: number
  /** Messages that still wait for the consumer behind this one. */
  readonly pending: number
  /** When the stream took it, ISO 8601. */
  readonly storedAt: string
}

/**
 * Reads the reply subject, in either form (the second since nats-server 2.15):
 *   $JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<nanoseconds>.<pending>
 *   $JS.ACK.<domain>.<account>.<stream>.<consumer>.<deliveries>....<pending>[.<random>]
 */
export function arrivalOf(msg: Msg): Arrival {
  const reply = msg.reply ?? ''
  const tokens = reply.split('.')
  const [deliveries, sequence, consumerSequence, nanoseconds, pending] = tokens.slice(tokens.length === 9 ? 4 : 6)
  return {
    subject: msg.subject,
    data: msg.data,
    headers: msg.headers,
    reply,
    sequence: Number(sequence),
    consumerSequence: Number(consumerSequence),
    deliveries: Number(deliveries),
    pending: Number(pending),
    storedAt: new Date(Number(nanoseconds) / 1e6).toISOString(),
  }
}

export const isDelivery = (msg: Msg): boolean => msg.reply?.startsWith('$JS.ACK.') ?? false

/** https://docs.nats.io/using-nats/developer/develop_jetstream/consumers */
export const settle = {
  acknowledge: (connection: NatsConnection, { reply }: Arrival) => connection.publish(reply, '+ACK'),
  giveBack: (connection: NatsConnection, { reply }: Arrival, delayMs = 0) =>
    connection.publish(reply, delayMs > 0 ? `-NAK ${JSON.stringify({ delay: Math.round(delayMs * 1e6) })}` : '-NAK'),
  refuse: (connection: NatsConnection, { reply }: Arrival, code: string) => connection.publish(reply, `+TERM ${code}`),
  stillWorking: (connection: NatsConnection, { reply }: Arrival) => connection.publish(reply, '+WPI'),
}
