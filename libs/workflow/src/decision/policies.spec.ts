import { describe, expect, test } from '@jest/globals'
import { Random } from '../testing/random.ts'
import { chooseAdmission, type PendingWorkflow } from './admission.ts'
import { chooseAgent, type AgentStanding, type TaskDemand } from './agents.ts'
import { compareVersions } from './version.ts'
import { wilsonLowerBound } from './wilson.ts'

describe('C2 M7 which pending workflow starts next', () => {
  const now = 1_000_000
  const pending = (id: string, priority: number, ageMs = 0, more: Partial<PendingWorkflow> = {}): PendingWorkflow => ({
    id,
    priority,
    pendingSince: now - ageMs,
    ...more,
  })

  test('C2 M2 the more urgent first; of two alike the one that has waited longer, then the one that failed less', () => {
    expect(chooseAdmission([pending('routine', 4), pending('urgent', 1), pending('high', 2)], now, 0).chosen).toBe(
      'urgent',
    )
    expect(chooseAdmission([pending('young', 3, 10), pending('old', 3, 60_000)], now, 0).chosen).toBe('old')
    expect(chooseAdmission([pending('again', 3, 0, { retries: 3 }), pending('fresh', 3)], now, 0).chosen).toBe('fresh')
  })

  test('C2 one that may not start yet says when it may', () => {
    const decision = chooseAdmission([pending('later', 1, 0, { notBefore: now + 500 })], now, 0)
    expect(decision).toMatchObject({ chosen: null, again: now + 500 })
  })

  test('C2 shows the best few however many wait', () => {
    const decision = chooseAdmission(
      Array.from({ length: 200 }, (_, i) => pending(`w${i}`, 3, i)),
      now,
      0,
    )
    expect(decision).toMatchObject({ chosen: 'w199', omitted: 195 })
    expect(decision.candidates).toHaveLength(5)
  })

  test('C2 D5 nothing starves: under a flood of urgent ones each is started within four turns for each one before it', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = new Random(seed)
      let waiting: (PendingWorkflow & { arrived: number; before: number })[] = []
      let urgent = 0
      let latest = -Infinity
      for (let turn = 0; turn < 200; turn++) {
        const time = now + turn * 2_000
        // More arrive than are started, nearly all of them urgent.
        for (let i = 0; i < 2; i++) {
          const priority = random.chance(0.9) ? 1 : 4
          const id = `${turn}-${i}`
          waiting.push({ id, priority, pendingSince: time, arrived: turn, before: waiting.length })
        }
        const { chosen } = chooseAdmission(waiting, time, turn)
        const started = waiting.find(({ id }) => id === chosen)
        if (started?.priority === 1) urgent++
        waiting = waiting.filter((one) => one !== started)
        for (const { arrived, before } of waiting) latest = Math.max(latest, turn - arrived - 4 * (before + 1))
      }
      expect(latest).toBeLessThanOrEqual(0)
      // The urgent keep what is not given by waiting.
      expect(urgent).toBeGreaterThanOrEqual(150)
    }
  })
})

describe('C2 F1 which agent gets a task', () => {
  const now = 50_000
  const task: TaskDemand = { capability: 'diagnosis.fault-codes', expertise: ['engine', 'diagnostics'] }
  const agent = (id: string, more: Partial<AgentStanding> = {}): AgentStanding => ({
    id,
    capabilities: ['diagnosis.fault-codes'],
    expertise: ['engine'],
    version: '1.0.0',
    running: 0,
    slots: 10,
    blocked: false,
    heardAt: now - 1_000,
    record: { succeeded: 0, failed: 0 },
    ...more,
  })
  const chosen = (...agents: AgentStanding[]) => chooseAgent(task, agents, now).chosen

  test('C2 F1 goes by expertise, then load, record and version', () => {
    expect(chosen(agent('a', { running: 3 }), agent('b', { expertise: ['engine', 'diagnostics'], running: 8 }))).toBe(
      'b',
    )
    expect(chosen(agent('a', { running: 5 }), agent('b', { running: 1 }))).toBe('b')
    expect(
      chosen(
        agent('a', { record: { succeeded: 10, failed: 10 } }),
        agent('b', { record: { succeeded: 20, failed: 0 } }),
      ),
    ).toBe('b')
    expect(chosen(agent('a', { version: '1.9.0' }), agent('b', { version: '1.10.0' }))).toBe('b')
  })

  test('C2 a long record counts for more than a short one, and an unknown agent stands between good and bad', () => {
    expect(
      chosen(
        agent('a', { record: { succeeded: 2, failed: 0 } }),
        agent('b', { record: { succeeded: 200, failed: 1 } }),
      ),
    ).toBe('b')
    expect(chosen(agent('new'), agent('bad', { record: { succeeded: 0, failed: 1 } }))).toBe('new')
    expect(chosen(agent('new'), agent('proven', { record: { succeeded: 1, failed: 0 } }))).toBe('proven')
  })

  test('C2 L10 M3 leaves out who is blocked, silent, full, outdated or cannot do it, and says so', () => {
    const decision = chooseAgent(
      { ...task, version: '1.0.0' },
      [
        agent('blocked', { blocked: true }),
        agent('silent', { heardAt: now - 6_000 }),
        agent('full', { running: 10 }),
        agent('outdated', { version: '0.9.1' }),
        agent('incapable', { capabilities: [] }),
        agent('last', { running: 9, expertise: [] }),
      ],
      now,
    )
    expect(decision.chosen).toBe('last')
    const codes = Object.fromEntries(
      decision.candidates.map(({ id, verdict }) => [id, verdict.is === 'excluded' ? verdict.code : verdict.is]),
    )
    expect(codes).toEqual({
      blocked: 'BLOCKED',
      silent: 'SILENT',
      full: 'FULL',
      outdated: 'OUTDATED',
      incapable: 'INCAPABLE',
      last: 'chosen',
    })
  })

  test('C2 gives a task that an agent has failed to another one', () => {
    const decision = chooseAgent({ ...task, failedBefore: ['a'] }, [agent('a'), agent('b')], now)
    expect(decision.chosen).toBe('b')
  })
})

describe('C2 the figures that policies go by', () => {
  test('C2 the lower bound of Wilson’s interval is that of the published examples', () => {
    // 15 of 20: R. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, gives 0.5313; 10 of 10: 1 / (1 + z²/10).
    expect(wilsonLowerBound(15, 20)).toBeCloseTo(0.5313, 4)
    expect(wilsonLowerBound(10, 10)).toBeCloseTo(0.7225, 4)
    expect(wilsonLowerBound(0, 10)).toBe(0)
    expect(wilsonLowerBound(0, 0)).toBe(0)
  })

  test('C2 versions are ordered as in the specification', () => {
    const ordered = [
      '0.9.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      '1.2.0',
      '1.10.0',
    ]
    expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered)
    expect(compareVersions('v1.2.3+build', '1.2.3')).toBe(0)
  })
})
