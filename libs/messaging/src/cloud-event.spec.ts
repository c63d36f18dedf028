import { expect, test } from '@jest/globals'
import { MsgHdrsImpl } from '@nats-io/transport-node'
import { eventHeaders } from './cloud-event.ts'

const common = { type: 'telemetry.frame.received.v1', source: '/pitcrew/ingest/1', time: '2026-01-01T00:00:00.000Z' }

test.each([
  ['v1:1700000000000:0af3', 'v1:1700000000000:0af3'],
  ['one two', 'one two'],
  [' padded ', 'padded'],
  ['a\r\nNats-Expected-Stream: X', 'a%0D%0ANats-Expected-Stream: X'],
  ['Ü', '%C3%9C'],
  ['🚗', '%F0%9F%9A%97'],
  ['\ud83d', '%EF%BF%BD'],
])('N1 headers that are encoded once for many are read back as they were meant: id %j', (id, written) => {
  const read = MsgHdrsImpl.decode(eventHeaders(common, [['traceparent', '00-aa-bb-01']])(id))
  expect(read.toRecord()).toEqual({
    'ce-specversion': ['1.0'],
    'ce-id': [written],
    'ce-type': [common.type],
    'ce-source': [common.source],
    'ce-time': [common.time],
    'Nats-Msg-Id': [written],
    traceparent: ['00-aa-bb-01'],
  })
})
