import type { telemetry } from '@pitcrew/contracts'
import { decompressed, framesOf, protobuf } from '../http-body.ts'

const gzipMagic = [0x1f, 0x8b]
const openingBrace = 0x7b

/**
 * MQTT 3.1.1 has no content type: what a payload is, its first bytes say. JSON begins with "{", and nothing before it; all
 * else is protobuf, where a PublishRequest with frames begins with 0x0a. Either may be compressed with gzip.
 *
 * Terminal BAD_JSON, BAD_BATCH, BAD_PROTOBUF, BAD_GZIP, TOO_LARGE.
 */
export async function messageFrames(payload: Uint8Array, maxBytes: number): Promise<telemetry.RawFrame[]> {
  const given = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const zipped = gzipMagic.every((byte, i) => given[i] === byte)
  const body = await decompressed(given, zipped ? 'gzip' : undefined, maxBytes)
  return framesOf(body, body[0] === openingBrace ? 'application/json' : protobuf)
}
