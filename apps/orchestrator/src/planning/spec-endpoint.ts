/** For the specs: a server that answers like an OpenAI-compatible endpoint, with whatever it is given to say. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  path: string
  headers: IncomingHttpHeaders
  body: {
    model: string
    messages: { role: string; content: string }[]
    response_format: { type: string; json_schema?: { schema: object } }
  }
}

/** Says it to one question; the last one is said again to all that follow. */
export type Say = (response: ServerResponse, asked: Asked) => void

export async function chatEndpoint(...says: Say[]) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as Asked['body']
      const question = { path: request.url ?? '', headers: request.headers, body }
      asked.push(question)
      const say = says[Math.min(asked.length, says.length) - 1] as Say
      say(response, question)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A completion with this content. */
export const content =
  (text: string, finish = 'stop'): Say =>
  (response) => {
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices }))
  }

export const answer = (value: unknown): Say => content(JSON.stringify(value))

export const status =
  (code: number, message: string, headers: Record<string, string> = {}): Say =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ error: { message } }))
  }
