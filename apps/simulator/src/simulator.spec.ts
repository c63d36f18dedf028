import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Logger } from '@pitcrew/observability'
import { startSimulator, type Simulator } from './index.ts'

const free = {
  SIMULATOR_TELEMATICS_PORT: '0',
  SIMULATOR_DEALER_PORT: '0',
  SIMULATOR_CONTROL_PORT: '0',
  SIMULATOR_SMTP_PORT: '0',
  SIMULATOR_MAIL_PORT: '0',
}

const lines: string[] = []
const write = (message: string) => void lines.push(message)
const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger }

let running: Simulator | undefined
afterEach(() => running?.stop())

async function gateway(status: number) {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url!)
    request.resume().on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, paths, close: () => new Promise((resolve) => server.close(resolve)) }
}

describe('the simulator', () => {
  test('L12 brings up every door, and all are shut after stop', async () => {
    running = await startSimulator({ env: { ...free, SIMULATOR_VEHICLES: '3' }, logger })
    const { telematicsApi, dealerApi, control, mailWeb } = running.urls
    expect(await running.seeded).toBeUndefined()
    const answers = await Promise.all(
      [`${telematicsApi}/v1/feed`, `${dealerApi}/work-orders`, control, mailWeb].map((url) => fetch(url)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await answers[2]!.json()).toMatchObject({ vehicles: 3, urls: running.urls })
    await running.stop()
    await expect(fetch(control)).rejects.toThrow('fetch failed')
  })

  test('L12 registers its fleet and later vehicles with the platform', async () => {
    const platform = await gateway(204)
    running = await startSimulator({ env: { ...free, SIMULATOR_VEHICLES: '2', GATEWAY_URL: platform.url }, logger })
    expect(await running.seeded).toMatchObject({ vehicleIds: ['sim-001', 'sim-002'] })
    const body = JSON.stringify({ vehicleId: 'hot', fault: 'alternator' })
    const added = await fetch(`${running.urls.control}/vehicles`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(added.status).toBe(201)
    expect(platform.paths.filter((path) => path === '/v1/vehicles')).toHaveLength(3)
    expect(platform.paths.filter((path) => path === '/v1/customers')).toHaveLength(3)
    await running.stop()
    await platform.close()
  })

  test('L12 a platform that refuses the fleet is said, and the simulator goes on', async () => {
    const platform = await gateway(400)
    running = await startSimulator({ env: { ...free, GATEWAY_URL: platform.url }, logger })
    await expect(running.seeded).rejects.toMatchObject({ code: 'SEED_REFUSED' })
    expect(lines).toContain('fleet could not be registered with the platform')
    expect((await fetch(running.urls.control)).status).toBe(200)
    await platform.close()
  })

  test('L12 a port that is taken leaves nothing running', async () => {
    const taken = await gateway(204)
    const port = new URL(taken.url).port
    const probe = await startSimulator({ env: free, logger })
    const { telematicsApi } = probe.ports
    await probe.stop()
    const env = { ...free, SIMULATOR_TELEMATICS_PORT: String(telematicsApi), SIMULATOR_CONTROL_PORT: port }
    await expect(startSimulator({ env, logger })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await expect(fetch(`http://127.0.0.1:${telematicsApi}/v1/feed`)).rejects.toThrow('fetch failed')
    await taken.close()
  })

  test('bad settings are named', async () => {
    await expect(startSimulator({ env: { SIMULATOR_SMTP_PORT: 'mail' } })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('SIMULATOR_SMTP_PORT is "mail"'),
    })
  })
})
