import { describe, expect, test } from '@jest/globals'
import { agent, agentTypesOf, capabilities } from '@pitcrew/contracts'
import { addWork, hear, isSilent, noWork, offers, standingOf } from './agent-record.ts'

const heartbeat = (more: Partial<agent.Heartbeat> = {}) =>
  agent.Heartbeat.fromPartial({
    agent: 'scheduling.i1',
    capabilities: ['scheduling.hold-slot'],
    types: ['scheduling'],
    expertise: ['brakes'],
    startedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  })

describe('what is known of an agent', () => {
  test('M3 six seconds after it was last heard it counts as silent', () => {
    const record = hear(undefined, heartbeat(), 1_000)
    expect([6_999, 7_000].map((now) => isSilent(record, now))).toEqual([false, true])
    expect(isSilent(hear(record, heartbeat(), 7_000), 7_000)).toBe(false)
  })

  test('M3 late word of an earlier run changes nothing', () => {
    const record = hear(undefined, heartbeat({ running: 3 }), 1_000)
    const late = heartbeat({ startedAt: '2025-12-31T00:00:00.000Z', running: 9 })
    expect(hear(record, late, 2_000)).toBe(record)
  })

  test('M3 F1 it offers what it says: its type, its capabilities, any of the expertise that is wanted', () => {
    const record = hear(undefined, heartbeat(), 0)
    expect(offers(record, {})).toBe(true)
    expect(
      offers(record, { type: 'scheduling', capability: 'scheduling.hold-slot', expertise: ['ice', 'brakes'] }),
    ).toBe(true)
    expect(offers(record, { type: 'diagnosis' })).toBe(false)
    expect(offers(record, { capability: 'scheduling.cancel-booking' })).toBe(false)
    expect(offers(record, { expertise: ['cooling'] })).toBe(false)
    expect(offers(record, { expertise: [] })).toBe(false)
  })

  test('M3 its record is the sum of what was seen of its work', () => {
    const work = [true, true, false].reduce(
      (sum, ok) => addWork(sum, { succeeded: ok ? 1 : 0, failed: ok ? 0 : 1, totalMs: 30 }),
      noWork,
    )
    const record = hear(undefined, heartbeat({ running: 4 }), 5)
    expect(standingOf(record, true, work)).toMatchObject({
      id: 'scheduling.i1',
      slots: 5,
      blocked: true,
      heardAt: 5,
      record: { succeeded: 2, failed: 1, meanMs: 30 },
    })
    expect(standingOf(hear(undefined, heartbeat({ slots: 16 }), 5), false, noWork)).toMatchObject({
      slots: 16,
      record: { succeeded: 0, failed: 0 },
    })
  })

  test('M3 every capability makes its agent one of the six types', () => {
    const names = Object.values(capabilities).map(({ name }) => name)
    for (const name of names) expect(agentTypesOf([name])).toHaveLength(1)
    expect(agentTypesOf(names)).toEqual([
      'data-analysis',
      'diagnosis',
      'customer-engagement',
      'scheduling',
      'feedback',
      'manufacturing-quality',
    ])
    expect(agentTypesOf(['unheard.of'])).toEqual([])
  })
})
