import { describe, expect, test } from '@jest/globals'
import { capabilities, events, scheduling, services, streams, vehicle, type EventType } from './index.ts'

const allEvents = Object.entries(events) as [string, EventType<unknown>][]
const allCapabilities = Object.entries(capabilities)

/** NATS: `>` stands for the rest of a subject. */
const covers = (pattern: string, subject: string): boolean => subject.startsWith(pattern.replace(/>$/, ''))

describe('the pipeline', () => {
  test.each(allEvents)(
    '%s has a subject of the form domain.entity.past-verb.v1, in exactly one stream',
    (_, { subject, stream }) => {
      expect(subject).toMatch(/^[a-z]+(\.[a-z]+)\.[a-z]+\.v\d+$/)
      const holding = Object.entries(streams).filter(([, { subjects }]) =>
        subjects.some((pattern) => covers(pattern, `${subject}.key`)),
      )
      expect(holding.map(([name]) => name)).toEqual([stream])
    },
  )

  test.each(allEvents)(
    '%s is made and read by services that exist, and by no one twice',
    (_, { producers, consumers }) => {
      expect(producers.length).toBeGreaterThan(0)
      for (const list of [producers, consumers]) {
        expect(new Set(list).size).toBe(list.length)
        for (const name of list) expect(services).toContain(name)
      }
    },
  )

  test('no two events share a subject, and nothing but itself reads what ueba concludes of others', () => {
    expect(new Set(allEvents.map(([, { subject }]) => subject)).size).toBe(allEvents.length)
    for (const [, { consumers, stream }] of allEvents) {
      if (stream === 'AGENT') expect(consumers).toEqual(['ueba'])
    }
  })

  test('N1 what may not be lost in a power cut is in a durable stream', () => {
    for (const name of ['ANALYSIS', 'ENGAGEMENT', 'SCHEDULING', 'TASKS', 'AGENT'] as const)
      expect(streams[name].durable).toBe(true)
  })
})

describe('capabilities', () => {
  test.each(allCapabilities)('%s names its domain and is offered by a service', (_, { name, service, timeoutMs }) => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/)
    expect(services).toContain(service)
    expect(timeoutMs).toBeGreaterThan(0)
  })

  test('C4 diagnosis has five examining nodes and one that ranks', () => {
    const nodes = allCapabilities.map(([, { name }]) => name).filter((name) => name.startsWith('diagnosis.'))
    expect(nodes.sort()).toEqual([
      'diagnosis.fault-codes',
      'diagnosis.fleet-peers',
      'diagnosis.rank-hypotheses',
      'diagnosis.signal-evidence',
      'diagnosis.similar-failures',
      'diagnosis.vehicle-history',
    ])
  })
})

test('a message is the same after a way through JSON and through bytes', () => {
  const request = scheduling.HoldSlotRequest.fromPartial({
    caseId: 'c1',
    job: { urgency: vehicle.Urgency.HIGH, skill: 'engine', labourHours: 1.5, parts: ['hose'] },
    preference: { notBefore: '2026-01-01T00:00:00.000Z', weekdays: [1, 2] },
    round: 2,
  })
  expect(scheduling.HoldSlotRequest.fromJSON(JSON.parse(JSON.stringify(request)))).toEqual(request)
  expect(scheduling.HoldSlotRequest.decode(scheduling.HoldSlotRequest.encode(request).finish())).toEqual(request)
})
