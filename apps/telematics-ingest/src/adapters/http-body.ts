import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { telemetry } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { readBatch } from '../domain/read-batch.ts'
import { readPublishRequest } from '../domain/read-frames.ts'

const unzip = promisify(gunzip)

export const protobuf = 'application/x-protobuf'

/** The bytes of a body, decompressed to at most `maxBytes`. */
export async function decompressed(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body
  if (encoding !== 'gzip')
    throw new Terminal('UNSUPPORTED_ENCODING', `Content-Encoding is "${encoding}": expected gzip or none`, {
      hint: 'send it with gzip',
    })
  try {
    return await unzip(body, { maxOutputLength: maxBytes })
  } catch (thrown) {
    if (Error.isError(thrown) && (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(maxBytes)
    throw new Terminal('BAD_GZIP', 'the body is not valid gzip', {
      hint: 'compress the whole body once',
      cause: thrown,
    })
  }
}

function tooLarge(maxBytes: number): Terminal {
  return new Terminal('TOO_LARGE', `the body is larger than ${maxBytes} bytes, which is the most that is taken`, {
    hint: 'send fewer frames in one request, or use the gRPC stream',
  })
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (thrown) {
    throw new Terminal('BAD_JSON', 'the body is not JSON', {
      hint: 'send UTF-8 JSON, or protobuf as application/x-protobuf',
      cause: thrown,
    })
  }
}

/** `type`: the media type without parameters, in lower case. */
export function framesOf(body: Buffer, type: string): telemetry.RawFrame[] {
  if (type === 'application/json') return readBatch(parseJson(body))
  if (!isProtobuf(type))
    throw new Terminal(
      'UNSUPPORTED_MEDIA_TYPE',
      `Content-Type is "${type}": expected application/json or application/x-protobuf`,
      {
        hint: 'set Content-Type to what the body is',
      },
    )
  try {
    return readPublishRequest(body).frames
  } catch (thrown) {
    throw new Terminal('BAD_PROTOBUF', 'the body is not a telemetry.PublishRequest', {
      hint: 'encode pitcrew.telemetry.v1.PublishRequest without a length prefix',
      cause: thrown,
    })
  }
}

const isProtobuf = (type: string) => type === protobuf || type === 'application/protobuf'

/** What is asked for, else the same as what was sent. */
export function answerType(accept: string | undefined, sent: string): 'application/json' | typeof protobuf {
  if (accept !== undefined && /protobuf/i.test(accept)) return protobuf
  if (accept !== undefined && /application\/json/i.test(accept)) return 'application/json'
  return isProtobuf(sent) ? protobuf : 'application/json'
}
