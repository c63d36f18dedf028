/**
 * One stream out of the broker as the broker itself packs it, with its sequences, times and consumers
 * (`$JS.API.STREAM.SNAPSHOT`, see nats-server's jetstream_api.go).
 *
 * 1. Bounded memory: the broker sends at most `windowBytes` ahead, and a chunk is acknowledged only when the reader asks for
 *    the one behind it, which is when it has put this one away.
 * 2. The broker ends with an empty message that carries a status: anything but 204 is a snapshot that is not whole.
 */
import type { StreamConfig, StreamState } from '@nats-io/jetstream'
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node'
import { Retryable } from '@pitcrew/errors'
import { callApi } from './stream-api.ts'

export interface StreamSnapshot {
  config: StreamConfig
  state: StreamState
  /** To be read to the end. */
  chunks: AsyncIterable<Uint8Array>
}

const chunkBytes = 128 * 1024
const windowBytes = 4 * 1024 * 1024
const silenceMs = 15_000

export interface SnapshotOptions {
  /** Where this identity may listen: the first token of its inboxes, `_INBOX` unless it has one of its own. */
  inboxPrefix?: string
}

/** @throws Terminal NOT_FOUND, BROKER_REFUSED; Retryable BROKER_UNAVAILABLE; the chunks: Retryable SNAPSHOT_CUT_OFF */
export async function snapshotStream(
  connection: NatsConnection,
  stream: string,
  { inboxPrefix }: SnapshotOptions = {},
): Promise<StreamSnapshot> {
  const inbox = createInbox(inboxPrefix)
  const subscription = connection.subscribe(inbox)
  try {
    const request = { deliver_subject: inbox, chunk_size: chunkBytes, window_size: windowBytes }
    const { config, state } = await callApi<StreamSnapshot>(connection, `STREAM.SNAPSHOT.${stream}`, request)
    return { config, state, chunks: read(stream, subscription) }
  } catch (error) {
    subscription.unsubscribe()
    throw error
  }
}

async function* read(stream: string, subscription: Subscription): AsyncGenerator<Uint8Array> {
  const messages = subscription[Symbol.asyncIterator]()
  try {
    for (;;) {
      const message = await next(stream, messages)
      if (message.data.length === 0) return endOf(stream, message)
      yield message.data
      message.respond()
    }
  } finally {
    subscription.unsubscribe()
  }
}

async function next(stream: string, messages: AsyncIterator<Msg>): Promise<Msg> {
  const silence = Promise.withResolvers<never>()
  const timer = setTimeout(() => silence.reject(cutOff(stream, `nothing came for ${silenceMs / 1000} s`)), silenceMs)
  try {
    const { done, value } = await Promise.race([messages.next(), silence.promise])
    if (done) throw cutOff(stream, 'the connection was closed')
    return value
  } finally {
    clearTimeout(timer)
  }
}

function endOf(stream: string, { headers }: Msg): void {
  if (headers === undefined || headers.code === 204 || headers.code === 0) return
  throw cutOff(stream, `${headers.code} ${headers.description}`)
}

/** Also what a purge during the snapshot leads to. */
const cutOff = (stream: string, why: string): Retryable =>
  new Retryable('SNAPSHOT_CUT_OFF', `the snapshot of ${stream} is not whole: ${why}`, {
    hint: 'take the backup again; a slow target can be too slow for the broker',
  })
