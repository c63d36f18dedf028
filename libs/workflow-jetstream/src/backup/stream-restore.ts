/**
 * One stream into the broker, from what `snapshotStream` gave (`$JS.API.STREAM.RESTORE`).
 *
 * 1. All or nothing: the broker unpacks aside and makes the stream only from what is whole. When it refuses, or the content
 *    breaks off, there is no stream.
 * 2. It never touches a stream that is there: the broker itself refuses that.
 * 3. Bounded memory: at most `window` chunks are under way.
 */
import type { StreamConfig, StreamInfo, StreamState } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal, toFailure } from '@pitcrew/errors'
import { accepted, callApi, lost } from './stream-api.ts'

const window = 16
const chunkBytes = 128 * 1024
const chunkWithinMs = 10_000
/** The broker unpacks, checks and indexes everything before it answers. */
const unpackWithinMs = 10 * 60_000

/** @throws Terminal STREAM_EXISTS, RESTORE_REFUSED; Retryable BROKER_UNAVAILABLE */
export async function restoreStream(
  connection: NatsConnection,
  { config, state }: { config: StreamConfig; state: StreamState },
  content: AsyncIterable<Uint8Array>,
): Promise<StreamInfo> {
  const { deliver_subject: subject } = await callApi<{ deliver_subject: string }>(
    connection,
    `STREAM.RESTORE.${config.name}`,
    { config, state },
  ).catch((error: unknown) => refused(config.name, error))
  await send(connection, subject, content)
  const answer = await connection.request(subject, '', { timeout: unpackWithinMs }).catch(lost(subject))
  try {
    return accepted<StreamInfo>(answer.json(), `STREAM.RESTORE.${config.name}`)
  } catch (error) {
    return refused(config.name, error)
  }
}

async function send(connection: NatsConnection, subject: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const underWay: Promise<void>[] = []
  const settleFirst = async (): Promise<void> => void (await underWay.shift())
  for await (const chunk of sized(content)) {
    const sent = connection
      .request(subject, chunk, { timeout: chunkWithinMs })
      .catch(lost(subject))
      .then((answer) => void (answer.data.length > 0 && accepted(answer.json(), subject)))
    // Those behind a chunk that failed fail as well; the first is the one that is told.
    sent.catch(() => undefined)
    underWay.push(sent)
    if (underWay.length >= window) await settleFirst()
  }
  while (underWay.length > 0) await settleFirst()
}

/** Whatever sizes a target reads in, a message stays well below what a broker takes. */
async function* sized(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content)
    for (let at = 0; at < piece.length; at += chunkBytes) yield piece.subarray(at, at + chunkBytes)
}

/** https://github.com/nats-io/nats-server/blob/main/server/errors.json: JSStreamNameExistErr, JSStreamNameExistRestoreFailedErr */
const nameInUse: unknown[] = [10058, 10130]

function refused(stream: string, error: unknown): never {
  const failure = toFailure(error)
  if (failure.kind === 'retryable') throw failure
  if (nameInUse.includes(failure.details.err_code)) {
    throw new Terminal('STREAM_EXISTS', `stream ${stream} is there already, expected a broker without it`, {
      cause: error,
      hint: 'restore onto an empty broker; nothing was changed',
    })
  }
  throw new Terminal('RESTORE_REFUSED', `the broker does not take stream ${stream}: ${failure.message}`, {
    cause: error,
    hint: './pitcrew backup verify shows whether the backup is whole',
  })
}
