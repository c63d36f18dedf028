import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { events } from '@pitcrew/contracts'
import { eventually, testBroker, testMessaging, type TestBroker } from '../src/index.ts'

let broker: TestBroker
beforeAll(async () => {
  broker = await testBroker()
}, 120_000)
afterAll(() => broker?.stop())

test('a test broker has the streams: what one service publishes another consumes', async () => {
  const [from, to] = await Promise.all([testMessaging(broker, 'ueba'), testMessaging(broker, 'orchestrator')])
  const received: string[] = []
  await to.consume(events.agentBlocked, { durable: 'test' }, async ({ key }) => void received.push(key))
  await from.publish(events.agentBlocked, 'scheduling', events.agentBlocked.codec.fromPartial({}))
  await eventually(() => expect(received).toEqual(['scheduling']))
  await Promise.all([from.drain(), to.drain()])
})

test('each test broker is its own', async () => {
  const other = await testBroker()
  expect(other.url).not.toBe(broker.url)
  await other.stop()
  await expect(testMessaging(broker, 'ueba').then((messaging) => messaging.drain())).resolves.toBeUndefined()
})
