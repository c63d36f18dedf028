import { expect, test } from '@jest/globals'
import { countDecision, countOutcome, noDecisions, winRate, type ActionAnalytics } from './analytics.ts'
import { choose, outcomeOf } from './choose.ts'
import type { Policy } from './policy.ts'

const policy: Policy = {
  name: 'channel',
  factors: [{ name: 'value', weight: 1, favours: 'high' }],
  threshold: 0.2,
}

test('C2 counts decisions, margins, scores, exclusions and the share of choices that went well', () => {
  let analytics = noDecisions
  for (const [email, sms, success] of [
    [0.9, 0.5, 1],
    [0.4, 0.6, 0],
    [0.7, 0.1, 1],
  ] as const) {
    const candidates = [
      { id: 'e', action: 'email', factors: { value: email } },
      { id: 's', action: 'sms', factors: { value: sms } },
    ]
    const decision = choose(policy, candidates, { state: '', now: 0 })
    analytics = countDecision(analytics, decision)
    const outcome = outcomeOf(decision, success, 0)
    if (outcome) analytics = countOutcome(analytics, outcome)
  }
  analytics = countDecision(analytics, choose(policy, [], { state: '', now: 0 }))
  expect(analytics).toMatchObject({ decisions: 4, empty: 1, byFairness: 0, margins: 2 })
  expect(analytics.meanMargin).toBeCloseTo(0.3)
  const { email, sms } = analytics.actions as Record<'email' | 'sms', ActionAnalytics>
  expect(email).toMatchObject({ offered: 3, chosen: 2, successes: 2, excluded: {} })
  expect(email.meanScore).toBeCloseTo(2 / 3)
  expect([winRate(email), winRate(sms)]).toEqual([1, 0])
  expect(sms).toMatchObject({ offered: 3, chosen: 1, excluded: { BELOW_THRESHOLD: 1 } })
  expect(winRate({ ...email, outcomes: 0 })).toBeNull()
})
