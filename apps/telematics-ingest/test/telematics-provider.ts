import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { telemetry } from '@pitcrew/contracts'
import { createFleet, startTelematicsApi, type TelematicsApi, type TelematicsApiOptions } from '@pitcrew/simulator'

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

export interface SimulatedProvider extends TelematicsApi {
  /** For TELEMATICS_APIS. */
  samsara: string
  iso15143: string
  own: string
  /** For TELEMATICS_API_SECRETS. */
  secrets: string
}

/** The simulator's providers. Ten minutes of the vehicles' lives pass within two seconds; the alternator of each is failing. */
export async function simulatedProvider(
  vehicleIds: readonly string[],
  options: Partial<TelematicsApiOptions> = {},
): Promise<SimulatedProvider> {
  const fleet = createFleet()
  const failing = { fault: 'alternator', faultParameters: { onset: 1, development: 20, dischargePerHour: 60 } }
  for (const vehicleId of vehicleIds)
    fleet.add({ vehicleId, ...failing, historySeconds: 600, speedUp: 300 }, Date.now())
  const secret = 'Z2l2ZW4gdG8gdGVzdHM'
  const api = await startTelematicsApi({
    fleet,
    host: '127.0.0.1',
    port: 0,
    now: () => Date.now(),
    requestsPerSecond: 1_000,
    burst: 1_000,
    authorization: `Bearer ${secret}`,
    ...options,
  })
  const host = `127.0.0.1:${api.port}`
  return {
    ...api,
    samsara: `samsara+http://${host}/samsara`,
    iso15143: `iso15143+http://${host}/iso15143`,
    own: `http://${host}`,
    secrets: JSON.stringify({ [host]: { bearer: secret } }),
  }
}
