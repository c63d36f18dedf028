/** A service as a process of its own: what signals do to it, and what it says of a wrong configuration. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { events } from '@pitcrew/contracts'
import { eventually, testBroker, testMessaging, type TestBroker } from '../src/index.ts'

const fixture = join(import.meta.dirname, 'fixtures/standalone.ts')
const children: ChildProcess[] = []
let broker: TestBroker

beforeAll(async () => {
  broker = await testBroker()
}, 120_000)
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => broker?.stop())

function run(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [fixture, ...args], {
    env: { PATH: process.env.PATH, NATS_URL: broker.url, UEBA_OPS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  const exit = once(child, 'close').then(([code]) => code as number)
  return { child, said, exit }
}

async function withDeliveryInHand(env: Record<string, string> = {}) {
  const process = run(env)
  await eventually(() => expect(process.said.out).toContain('"started"'))
  const messaging = await testMessaging(broker, 'orchestrator')
  await messaging.publish(events.agentBlocked, 'scheduling', events.agentBlocked.codec.fromPartial({}))
  await messaging.drain()
  await eventually(() => expect(process.said.out).toContain('in hand'))
  return process
}

describe('a process', () => {
  test('N1 finishes what it has in hand on SIGTERM and exits 0', async () => {
    const { child, said, exit } = await withDeliveryInHand()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(said.out).toMatch(/in hand[^]*stopping[^]*finished/)
  })

  test('is ended at once by the second signal', async () => {
    const { child, said, exit } = await withDeliveryInHand({ MODE: 'hang' })
    child.kill('SIGINT')
    await eventually(() => expect(said.out).toContain('stopping'))
    child.kill('SIGINT')
    expect(await exit).toBe(1)
    expect(said.out).not.toContain('finished')
  })

  test('with a wrong configuration says what is wrong and exits 2', async () => {
    const { said, exit } = run({ MODE: 'sideways', UEBA_GRPC_PORT: 'x' })
    expect(await exit).toBe(2)
    expect(said.err).toContain("BAD_CONFIG: ueba: UEBA_GRPC_PORT: found 'x', expected a number")
    expect(said.err).toContain('->')
    expect(said.err).not.toContain('    at ')
  })

  test('without a broker says so and exits 1', async () => {
    const { said, exit } = run({ NATS_URL: 'nats://127.0.0.1:1', PITCREW_START_WITHIN_MS: '300' })
    expect(await exit).toBe(1)
    expect(said.err).toContain('BROKER_UNAVAILABLE: ueba: ')
  })

  test('lists its environment on --help', async () => {
    const { said, exit } = run({}, '--help')
    expect(await exit).toBe(0)
    expect(said.out).toContain('MODE\n      What the fixture does on stop (default drain)')
    expect(said.out).toContain('NATS_URL')
  })
})
