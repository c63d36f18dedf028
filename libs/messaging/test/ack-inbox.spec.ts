import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openAckInbox, type AckInbox, type Outgoing } from '../src/ack-inbox.ts'
import { brokerWithClients, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let client: Client
let acks: AckInbox

const message = (subject: string, id: string): Outgoing => ({
  subject,
  data: new Uint8Array([1]),
  headers: new TextEncoder().encode(`NATS/1.0\r\nNats-Msg-Id: ${id}\r\n\r\n`),
})
const stored = 'analysis.alert.raised.v1.V1'

beforeAll(async () => {
  all = await brokerWithClients()
  client = await all.client('data-analysis')
  acks = openAckInbox(client.connection, '_INBOX_data-analysis', 300)
})

afterAll(() => all.stop())

test('N1 each message of a call has its own outcome, in order', async () => {
  const [first, nobody, again] = await acks.publish([
    message(stored, 'a'),
    message('nobody.listens', 'b'),
    message(stored, 'a'),
  ])
  expect(first!.ack).toMatchObject({ duplicate: false })
  expect(nobody!.failure).toMatchObject({ kind: 'retryable', code: 'NO_RESPONDERS' })
  expect(again!.ack).toEqual({ sequence: first!.ack!.sequence, duplicate: true })
  expect(await acks.publish([])).toEqual([])
})

test('N1 calls that are under way together are not mixed up', async () => {
  const calls = Array.from({ length: 40 }, (_, call) =>
    acks.publish(Array.from({ length: 20 }, (_, place) => message(stored, `c${call}-${place}`))),
  )
  const sequences = (await Promise.all(calls)).flat().map(({ ack }) => ack!.sequence)
  expect(sequences).toEqual(sequences.map((_, i) => sequences[0]! + i))
})

test('N1 a message whose answer does not come is given up, and what is answered beside it is not', async () => {
  const silent = client.listen('silent.subject', () => undefined)
  await client.connection.flush()
  const [lost, kept] = await acks.publish([message('silent.subject', 'd'), message(stored, 'e')])
  expect(lost!.failure).toMatchObject({ kind: 'retryable', code: 'DEADLINE_EXCEEDED' })
  expect(kept!.ack).toMatchObject({ duplicate: false })
  await silent.stop()
})

test('N1 when the connection closes, what waits hears of it, and what comes later too', async () => {
  const leaving = await all.client('data-analysis', 'i2')
  const inbox = openAckInbox(leaving.connection, '_INBOX_data-analysis')
  const silent = client.listen('silent.subject', () => undefined)
  await client.connection.flush()
  const waiting = inbox.publish([message('silent.subject', 'f')])
  await leaving.connection.close()
  const closed = { failure: { kind: 'cancelled', code: 'CONNECTION_CLOSED' } }
  expect(await waiting).toMatchObject([closed])
  expect(await inbox.publish([message(stored, 'g')])).toMatchObject([closed])
  await silent.stop()
})
