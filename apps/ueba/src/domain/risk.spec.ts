import { describe, expect, test } from '@jest/globals'
import { ueba } from '@pitcrew/contracts'
import { consequenceOf } from './ladder.ts'
import { newProfile } from './profile.ts'
import { riskOf, withFinding } from './risk.ts'
import { isNews, severityOf, type Suspicion } from './suspicion.ts'

const hour = 3_600_000
const halfLifeMs = 6 * hour
const scored = (score: number, at = 0, findingId = `f-${score}`) => ({ findingId, at, score })

describe('L10 risk', () => {
  test('L10 is the sum of score_i / i^1.5 over sorted findings, over zeta(1.5)', () => {
    const findings = [scored(20), scored(80), scored(50)]
    const expected = (80 + 50 / 2 ** 1.5 + 20 / 3 ** 1.5) / 2.612375348685488
    expect(riskOf({ findings }, 0, halfLifeMs)).toBeCloseTo(expected, 9)
  })

  test('L10 halves with each half-life', () => {
    const findings = [scored(80), scored(80, 0, 'g')]
    expect(riskOf({ findings }, 2 * halfLifeMs, halfLifeMs)).toBeCloseTo(riskOf({ findings }, 0, halfLifeMs) / 4, 9)
  })

  test('L10 findings of one score never carry the risk past it, so a rule below the threshold cannot block alone', () => {
    const findings = Array.from({ length: 64 }, (_, n) => scored(40, 0, `f-${n}`))
    expect(riskOf({ findings }, 0, halfLifeMs)).toBeLessThan(40)
  })

  test('L10 forgets what has decayed and keeps the heaviest', () => {
    const many = Array.from({ length: 70 }, (_, n) => scored(10 + n, 0, `f-${n}`))
    const kept = many.reduce(
      (findings, finding) => withFinding(findings, finding, halfLifeMs),
      [scored(1, -100 * hour, 'old')],
    )
    expect(kept).toHaveLength(64)
    expect(kept.map(({ findingId }) => findingId)).not.toContain('old')
    expect(Math.min(...kept.map(({ score }) => score))).toBe(16)
  })
})

describe('L10 ladder', () => {
  const settings = { blockAt: 45, greatestBlockedShare: 0.5 }
  const standing = { actor: 'scheduling.a', risk: 50, blocked: false, live: 4, liveBlocked: 0 }

  test.each([
    ['below the threshold', { risk: 44.9 }, 'observe'],
    ['at the threshold', { risk: 45 }, 'block'],
    ['blocked already', { blocked: true, liveBlocked: 1 }, 'observe'],
    ['one of four is blocked', { liveBlocked: 1 }, 'block'],
    ['half of them are blocked', { liveBlocked: 2 }, 'withhold'],
    ['the only agent of its service', { live: 1 }, 'withhold'],
    ['a person', { actor: 'person:p-1', live: 1 }, 'block'],
  ])('L10 %s: %p gives %s', (_name, change, kind) => {
    expect(consequenceOf({ ...standing, ...change }, settings).kind).toBe(kind)
  })
})

describe('L10 findings', () => {
  const suspicion: Suspicion = {
    rule: 'rate',
    about: '',
    windowMs: hour,
    score: 40,
    explanation: '',
    observed: 1,
    expected: 0,
  }

  test('L10 one matter is told at its 1st, 2nd, 4th, 8th ... time, and anew after its window', () => {
    const profile = newProfile('scheduling.a', 'scheduling')
    const told = Array.from({ length: 16 }, (_, n) => n + 1).filter((n) => isNews(profile, suspicion, n))
    expect(told).toEqual([1, 2, 4, 8, 16])
    expect(isNews(profile, suspicion, 2 * hour)).toBe(true)
  })

  test('L10 with a level of its own it is told when the level doubles', () => {
    const profile = newProfile('scheduling.a', 'scheduling')
    const told = Array.from({ length: 200 }, (_, n) => n + 60).filter((level) =>
      isNews(profile, { ...suspicion, level }, 0),
    )
    expect(told).toEqual([60, 120, 240])
  })

  test('L10 what a profile remembers is bounded, however many operations are tried', () => {
    const profile = newProfile('scheduling.a', 'scheduling')
    for (let n = 0; n < 500; n++) isNews(profile, { ...suspicion, about: `operation-${n}` }, n)
    expect(Object.keys(profile.suspected)).toHaveLength(64)
  })

  test('L10 severity follows the score', () => {
    expect([10, 25, 80, 95].map(severityOf)).toEqual([
      ueba.Severity.LOW,
      ueba.Severity.MEDIUM,
      ueba.Severity.HIGH,
      ueba.Severity.CRITICAL,
    ])
  })
})
