import { describe, expect, test } from '@jest/globals'
import { events } from '@pitcrew/contracts'
import { consumerName, eventSlug, filterOf, keyOf, subjectOf, templateOf } from './subjects.ts'

const { alertRaised, frameReceived } = events

describe('a key', () => {
  test.each(['V1', 'a.b', '*', '>', 'a b', '%2E', 'Zürich', '日本', 'quote\'"', '\u0000'])(
    'comes back from its subject: %j',
    (key) => {
      const subject = subjectOf(alertRaised, key)
      expect(subject).toMatch(/^analysis\.alert\.raised\.v1\.[A-Za-z0-9_%-]+$/)
      expect(keyOf(alertRaised, subject)).toBe(key)
    },
  )

  test('may be several tokens', () => {
    expect(subjectOf(frameReceived, ['3', 'V.1'])).toBe('telemetry.frame.received.v1.3.V%2E1')
    expect(keyOf(frameReceived, 'telemetry.frame.received.v1.3.V%2E1')).toBe('3.V.1')
  })

  test.each([[''], [[]], [['3', '']]])('must hold something in each token, unlike %j', (key) => {
    expect(() => subjectOf(alertRaised, key)).toThrow(expect.objectContaining({ code: 'BAD_KEY' }))
  })
})

describe('a filter', () => {
  test.each([
    [undefined, 'telemetry.frame.received.v1.>'],
    ['3', 'telemetry.frame.received.v1.3.>'],
    ['3.V1', 'telemetry.frame.received.v1.3.V1'],
    ['*.V1', 'telemetry.frame.received.v1.*.V1'],
    ['3.>', 'telemetry.frame.received.v1.3.>'],
    [['3', '>'], 'telemetry.frame.received.v1.3.%3E'],
  ])('of %j is %s', (key, filter) => {
    expect(filterOf(frameReceived, key)).toBe(filter)
  })
})

test('names for spans and consumers hold no ids and no characters that NATS refuses', () => {
  expect(templateOf(frameReceived)).toBe('telemetry.frame.received.v1.{partition}.{vehicle id}')
  expect(eventSlug(alertRaised)).toBe('alert-raised')
  expect(consumerName('data-analysis', 'open cases', 'host.1')).toBe('data-analysis_open-cases_host-1')
})
