import { describe, expect, test } from '@jest/globals'
import { Random } from '../testing/random.ts'
import { choose, outcomeOf, type Choosing } from './choose.ts'
import type { Decision, Judged } from './decision.ts'
import { learn, noExperience, type Experience } from './experience.ts'
import { explainDecision } from './explain.ts'
import type { Candidate, Learning, Policy } from './policy.ts'

const policy: Policy = {
  name: 'next-action',
  factors: [
    { name: 'urgency', weight: 4, favours: 'high' },
    { name: 'value', weight: 2, favours: 'high' },
    { name: 'load', weight: 2, favours: 'low' },
    { name: 'errors', weight: 2, favours: 'low', otherwise: 0, max: 0.9 },
  ],
  threshold: 0.3,
  actions: { call: { states: ['engaging'], maxAttempts: 2, spacingMs: 1_000 }, '*': { maxAttempts: 10 } },
}
const at: Choosing = { state: 'engaging', now: 10_000 }
const candidate = (id: string, factors: Record<string, number>, more: Partial<Candidate> = {}): Candidate => ({
  id,
  action: id,
  factors,
  ...more,
})
const verdictOf = (decision: Decision, id: string): Judged['verdict'] | undefined =>
  decision.candidates.find((one) => one.id === id)?.verdict

describe('C2 the decision engine', () => {
  test('C2 weighs urgency, value, load and error history', () => {
    const decision = choose(
      policy,
      [
        candidate('message', { urgency: 0.9, value: 0.5, load: 0.2, errors: 0.5 }),
        candidate('wait', { urgency: 0.2, value: 0.5, load: 0, errors: 0 }),
      ],
      at,
    )
    // (4 x 0.9 + 2 x 0.5 + 2 x 0.8 + 2 x 0.5) / 10 and (4 x 0.2 + 2 x 0.5 + 2 + 2) / 10
    expect(decision.score).toBeCloseTo(0.72)
    expect(decision).toMatchObject({ chosen: 'message', action: 'message', by: 'score' })
    expect(decision.margin).toBeCloseTo(0.14)
    expect(decision.because).toBe('message scores 0.72, 0.14 above wait, most of all by urgency')
  })

  test('C2 takes a factor that a candidate does not name as no news', () => {
    const decision = choose(policy, [candidate('message', {})], at)
    expect(decision.candidates[0]?.contributions).toMatchObject([
      { factor: 'urgency', value: 0.5, contribution: 0.2 },
      { factor: 'value', value: 0.5, contribution: 0.1 },
      { factor: 'load', value: 0.5, favour: 0.5, contribution: 0.1 },
      { factor: 'errors', value: 0, favour: 1, contribution: 0.2 },
    ])
  })

  test('C2 excludes by state, retry limit, spacing, bounds, threshold and what its owner knows', () => {
    const good = { urgency: 1, value: 1, load: 0 }
    const call = (id: string, more: Partial<Candidate>) => candidate(id, good, { action: 'call', ...more })
    const decision = choose(
      policy,
      [
        call('spent', { attempts: 2 }),
        call('soon', { lastAt: 9_500 }),
        candidate('faulty', { ...good, errors: 0.95 }),
        candidate('poor', { urgency: 0, value: 0, load: 1, errors: 0.5 }),
        candidate('gone', good, { barred: { code: 'GONE', reason: 'left' } }),
      ],
      at,
    )
    expect(decision).toMatchObject({ chosen: null, action: null, by: 'nothing', again: 10_500, margin: null })
    expect(verdictOf(decision, 'spent')).toMatchObject({ is: 'excluded', code: 'ATTEMPTS_SPENT' })
    expect(verdictOf(decision, 'soon')).toMatchObject({ is: 'excluded', code: 'TOO_SOON', again: 10_500 })
    expect(verdictOf(decision, 'faulty')).toMatchObject({ is: 'excluded', code: 'OUT_OF_BOUNDS' })
    expect(verdictOf(decision, 'poor')).toMatchObject({ is: 'excluded', code: 'BELOW_THRESHOLD' })
    expect(verdictOf(decision, 'gone')).toEqual({ is: 'excluded', code: 'GONE', reason: 'left' })
    expect(decision.because).toMatch(/^none of 5 is possible: /)
    expect(choose(policy, [call('soon', { lastAt: 9_500 })], { ...at, now: 10_500 }).chosen).toBe('soon')
    const elsewhere = choose(policy, [call('early', {})], { ...at, state: 'diagnosing' })
    expect(verdictOf(elsewhere, 'early')).toMatchObject({ code: 'WRONG_STATE' })
  })

  test('C2 explains each candidate with its factors, or why it is out of the question', () => {
    const gone = candidate('gone', {}, { barred: { code: 'GONE', reason: 'left' } })
    expect(explainDecision(choose(policy, [gone, candidate('message', { urgency: 1 })], at))).toEqual([
      'message scores 0.8; nothing else was possible',
      'message: 0.8 = urgency 1 (+0.4), errors 0 (+0.2), value 0.5 (+0.1), load 0.5 (+0.1)',
      'gone: GONE, left',
    ])
  })

  test('C2 refuses a policy that says nothing, and candidates of one name', () => {
    const weightless = { ...policy, factors: [{ name: 'urgency', weight: 0, favours: 'high' as const }] }
    expect(() => choose(weightless, [], at)).toThrow(/no factor has any weight/)
    expect(() => choose({ ...policy, threshold: 2 }, [], at)).toThrow(/threshold 2, expected 0 to 1/)
    expect(() => choose(policy, [candidate('a', {}), candidate('a', {})], at)).toThrow(/two candidates are called "a"/)
  })

  test('C2 D1-D4 hold for any candidates, in any order, and a decision survives being stored', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed)
      const candidates = Array.from({ length: random.below(8) }, (_, i) => anyCandidate(random, `c${i}`))
      const decision = choose(policy, candidates, at)
      expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
      expect(choose(policy, shuffled(candidates, random), at)).toEqual(decision)
      expect(decision.candidates.map(({ id }) => id).sort()).toEqual(candidates.map(({ id }) => id).sort())
      for (const { score, verdict, contributions } of decision.candidates) {
        expect(score).toBeCloseTo(contributions.reduce((sum, { contribution }) => sum + contribution, 0))
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1 + 1e-9)
        if (verdict.is === 'chosen') expect(score).toBeGreaterThanOrEqual(policy.threshold)
        if (verdict.is === 'considered') expect(verdict.behind).toBeGreaterThanOrEqual(0)
      }
      const possible = decision.candidates.filter(({ verdict }) => verdict.is !== 'excluded')
      expect(decision.chosen).toBe(possible.length > 0 ? possible[0]?.id : null)
    }
  })

  test('C2 more of what is good never makes a candidate worse', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed)
      const [a, b] = [anyCandidate(random, 'a'), anyCandidate(random, 'b')]
      const better = { ...a, factors: { ...a.factors, urgency: 1, load: 0 } }
      const scoreOf = (one: Candidate) => choose(policy, [one, b], at).candidates.find(({ id }) => id === 'a')?.score
      expect(scoreOf(better)).toBeGreaterThanOrEqual(scoreOf(a) as number)
    }
  })
})

describe('C2 what experience changes', () => {
  const learning: Learning = { rate: 0.3, weight: 4, swing: 4 }
  const learner: Policy = { ...policy, threshold: 0, learning, actions: {} }
  const offer = [candidate('email', { urgency: 0.6 }), candidate('sms', { urgency: 0.5 })]

  function afterOutcomes(times: number, success: (action: string) => number): Experience {
    let experience = noExperience
    for (let i = 0; i < times; i++) {
      const decision = choose(learner, offer, { ...at, experience })
      const outcome = outcomeOf(decision, success(decision.action as string), i)
      if (outcome) experience = learn(learning, experience, outcome)
    }
    return experience
  }

  test('C2 leaves an action that keeps failing for one that works', () => {
    expect(choose(learner, offer, at).chosen).toBe('email')
    const experience = afterOutcomes(20, (action) => (action === 'sms' ? 1 : 0))
    const decision = choose(learner, offer, { ...at, experience })
    expect(decision.chosen).toBe('sms')
    expect(decision.because).toMatch(/most of all by experience/)
    expect(experience.actions.sms?.success).toBeGreaterThan(0.9)
  })

  test('C2 gives weight to a factor that foretells success, within the swing, and takes it from one that misleads', () => {
    let experience = noExperience
    const random = new Random(7)
    for (let i = 0; i < 500; i++) {
      const foretelling = random.next()
      const favours = { urgency: foretelling, value: 1 - foretelling, load: random.next() }
      experience = learn(learning, experience, { action: 'email', at: i, success: foretelling > 0.5 ? 1 : 0, favours })
    }
    expect(experience.weights.urgency).toBe(4)
    expect(experience.weights.value).toBe(0.25)
    const [urgency, value] = choose(learner, offer, { ...at, experience }).candidates[0]?.contributions ?? []
    expect((urgency?.weight ?? 0) / (value?.weight ?? 1)).toBeCloseTo((4 * 4) / (2 * 0.25))
  })

  test('C2 has nothing to learn from where nothing was chosen', () => {
    expect(outcomeOf(choose(policy, [], at), 1, 0)).toBeUndefined()
  })
})

function anyCandidate(random: Random, id: string): Candidate {
  const factors: Record<string, number> = {}
  for (const { name } of policy.factors) if (random.chance(0.8)) factors[name] = random.next()
  return {
    id,
    action: random.pick(['call', 'message', 'wait']) as string,
    factors,
    ...(random.chance(0.3) && { attempts: random.below(12) }),
    ...(random.chance(0.3) && { lastAt: 10_000 - random.below(2_000) }),
    ...(random.chance(0.1) && { barred: { code: 'GONE', reason: 'left' } }),
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T)
}
