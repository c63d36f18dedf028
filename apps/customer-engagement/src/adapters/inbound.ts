/** Where the provider of a text channel hands in what customers wrote back: POST /replies, signed like our own webhooks. */
import type { IncomingMessage, RequestListener } from 'node:http'
import { Terminal, statusOf, toFailure, toWire } from '@pitcrew/errors'
import { z } from 'zod'
import type { IncomingText, TextReceipt } from '../handlers/text-reply.ts'
import type { Clock } from '../ports.ts'
import { isSigned, signatureHeader } from './signature.ts'

export interface InboundOptions {
  secret: string
  clock: Clock
  receive: (text: IncomingText) => Promise<TextReceipt>
}

const maxBytes = 16 * 1024
const incomingText = z.object({ messageId: z.string().min(1).max(100), text: z.string().max(4000) })

export function inboundListener(options: InboundOptions): RequestListener {
  return (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    answer(request, options).then(
      (receipt) => reply(200, receipt),
      (thrown: unknown) => {
        const failure = toFailure(thrown)
        reply(statusOf(failure).http, toWire(failure))
      },
    )
  }
}

async function answer(request: IncomingMessage, { secret, clock, receive }: InboundOptions): Promise<TextReceipt> {
  if (request.method !== 'POST' || request.url !== '/replies') {
    throw new Terminal('NOT_FOUND', 'found no such page, expected POST /replies')
  }
  const body = await bodyOf(request)
  if (!isSigned(secret, body, String(request.headers[signatureHeader] ?? ''), clock.now())) {
    throw new Terminal('UNAUTHENTICATED', 'the signature is missing, wrong or too old', {
      hint: `sign the body with the webhook secret in ${signatureHeader}`,
    })
  }
  return receive(read(body))
}

function read(body: string): IncomingText {
  try {
    return incomingText.parse(JSON.parse(body))
  } catch (cause) {
    throw new Terminal('BAD_REQUEST', 'the body is not JSON with messageId and text', { cause })
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Terminal('TOO_LARGE', `the body is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
