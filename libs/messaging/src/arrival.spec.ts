import { expect, test } from '@jest/globals'
import type { Msg } from '@nats-io/transport-node'
import { arrivalOf, isDelivery } from './arrival.ts'

const message = (reply: string): Msg => ({ subject: 's', data: new Uint8Array(), reply }) as unknown as Msg
const facts = { deliveries: 2, sequence: 17, consumerSequence: 9, pending: 4, storedAt: '2026-11-20T10:00:00.000Z' }
const nanoseconds = `${Date.parse(facts.storedAt)}000000`

test.each([
  ['the old form', `$JS.ACK.ANALYSIS.c.2.17.9.${nanoseconds}.4`],
  ['the form with domain and account', `$JS.ACK._.acc.ANALYSIS.c.2.17.9.${nanoseconds}.4`],
  ['the same with a random token', `$JS.ACK.hub.acc.ANALYSIS.c.2.17.9.${nanoseconds}.4.r4nd0m`],
])('a delivery says how often, which and when, in %s', (_form, reply) => {
  expect(isDelivery(message(reply))).toBe(true)
  expect(arrivalOf(message(reply))).toMatchObject(facts)
})

test('what is not from a stream is no delivery', () => {
  expect(isDelivery(message('_INBOX_x.1'))).toBe(false)
  expect(isDelivery({ subject: 's' } as Msg)).toBe(false)
})
