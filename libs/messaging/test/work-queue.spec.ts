import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { workQueue, type Messaging } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { brokerWithClients } from './fixture.ts'

let world: Awaited<ReturnType<typeof brokerWithClients>>
beforeAll(async () => void (world = await brokerWithClients()), 60_000)
afterAll(() => world.stop())

/** A worker that notes what it is given, and settles it unless it is to die with it in hand. */
async function worker(messaging: Messaging, seen: string[], settles: boolean) {
  return workQueue(messaging, {
    stream: 'TASKS',
    durable: 'in-order',
    subject: 'task.order.urgent',
    ackWaitMs: 60_000,
    inOrder: true,
    onWork({ data, done }) {
      seen.push(Buffer.from(data).toString())
      if (settles) done()
    },
    onEmpty: () => {},
  })
}

test('N1 what a worker had in hand when it died comes at once, before newer work, and nothing is left', async () => {
  const [dies, lives] = await Promise.all([world.client('orchestrator', 'a'), world.client('orchestrator', 'b')])
  const put = async (names: string[]) => {
    for (const name of names) await lives.connection.request('task.order.urgent', name)
  }
  const before: string[] = []
  const first = await worker(dies, before, false)
  await put(['1', '2', '3'])
  first.ask(3, 5_000)
  await eventually(() => expect(before).toEqual(['1', '2', '3']))
  // Nothing is settled or given back.
  await first.stop()
  first.close()
  await put(['4', '5'])

  const after: string[] = []
  const second = await worker(lives, after, true)
  second.ask(10, 2_000)
  await eventually(() => expect(after).toEqual(['1', '2', '3', '4', '5']), { timeoutMs: 10_000 })
  await second.stop()
  second.close()
  const third: string[] = []
  const rest = await worker(lives, third, true)
  rest.ask(1)
  await rest.stop()
  rest.close()
  expect(third).toEqual([])
}, 30_000)
