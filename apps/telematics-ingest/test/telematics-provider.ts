import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { telemetry } from '@pitcrew/contracts'

export type Mood = 'well' | 'error' | 'garbage' | 'hang' | 'disconnect' | 'rate-limit' | 'gone'

/** A provider whose frames and moods the test decides: cursors are positions in `frames`. */
export interface Provider {
  url: string
  frames: telemetry.RawFrame[]
  /** One for each request to come; then it is well. */
  moods: Mood[]
  /** Cursors in the order in which they were asked for. */
  asked: string[]
  stop(): Promise<void>
}

export async function provider(pageFrames = 10): Promise<Provider> {
  const frames: telemetry.RawFrame[] = []
  const moods: Mood[] = []
  const asked: string[] = []

  const server = createServer((request, response) => {
    const query = new URL(request.url!, 'http://provider').searchParams
    asked.push(query.get('cursor') ?? '')
    const mood = moods.shift() ?? 'well'
    if (mood !== 'well') return answerBadly(mood, response)
    const from = Number(query.get('cursor') || 0)
    const page = frames.slice(from, from + pageFrames)
    const next = from + page.length
    const body = {
      frames: page.map((frame) => telemetry.RawFrame.toJSON(frame)),
      nextCursor: String(next),
      more: next < frames.length,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames,
    moods,
    asked,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerBadly(mood: Exclude<Mood, 'well'>, response: ServerResponse): void {
  switch (mood) {
    case 'error':
      return void response.writeHead(500).end('out of order')
    case 'garbage':
      return void response.writeHead(200).end('{"frames": 7}')
    case 'hang':
      return
    case 'disconnect':
      return void response.destroy()
    case 'rate-limit':
      return void response.writeHead(429, { 'retry-after': '0' }).end()
    case 'gone':
      return void response.writeHead(410).end()
  }
}
