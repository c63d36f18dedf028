/** C2: what a policy's decisions were like, over time. A pure fold over decisions and their outcomes. */
import type { Decision } from './decision.ts'
import type { Outcome } from './experience.ts'

export interface ActionAnalytics {
  /** Times that it was among the candidates. */
  offered: number
  chosen: number
  /** Mean over the times offered, 0 to 1. */
  meanScore: number
  outcomes: number
  /** Outcomes of at least 0.5. */
  successes: number
  excluded: { [code: string]: number }
}

export interface DecisionAnalytics {
  decisions: number
  /** Decisions in which nothing was possible. */
  empty: number
  /** Turns that were given by waiting. */
  byFairness: number
  /** Over the decisions in which there was a next best one. */
  meanMargin: number
  margins: number
  actions: { [action: string]: ActionAnalytics }
}

export const noDecisions: DecisionAnalytics = {
  decisions: 0,
  empty: 0,
  byFairness: 0,
  meanMargin: 0,
  margins: 0,
  actions: {},
}

const noAction: ActionAnalytics = { offered: 0, chosen: 0, meanScore: 0, outcomes: 0, successes: 0, excluded: {} }

export function countDecision(analytics: DecisionAnalytics, decision: Decision): DecisionAnalytics {
  const actions = { ...analytics.actions }
  for (const { action, score, verdict } of decision.candidates) {
    const before = actions[action] ?? noAction
    const offered = before.offered + 1
    actions[action] = {
      ...before,
      offered,
      chosen: before.chosen + (verdict.is === 'chosen' ? 1 : 0),
      meanScore: before.meanScore + (score - before.meanScore) / offered,
      excluded:
        verdict.is === 'excluded'
          ? { ...before.excluded, [verdict.code]: (before.excluded[verdict.code] ?? 0) + 1 }
          : before.excluded,
    }
  }
  const { margin } = decision
  const margins = analytics.margins + (margin === null ? 0 : 1)
  return {
    decisions: analytics.decisions + 1,
    empty: analytics.empty + (decision.chosen === null ? 1 : 0),
    byFairness: analytics.byFairness + (decision.by === 'fairness' ? 1 : 0),
    meanMargin:
      margin === null ? analytics.meanMargin : analytics.meanMargin + (margin - analytics.meanMargin) / margins,
    margins,
    actions,
  }
}

export function countOutcome(analytics: DecisionAnalytics, { action, success }: Outcome): DecisionAnalytics {
  const before = analytics.actions[action] ?? noAction
  const counted = {
    ...before,
    outcomes: before.outcomes + 1,
    successes: before.successes + (success >= 0.5 ? 1 : 0),
  }
  return { ...analytics, actions: { ...analytics.actions, [action]: counted } }
}

/** Share of the choices of an action that went well; null while none has ended. */
export const winRate = ({ outcomes, successes }: ActionAnalytics): number | null =>
  outcomes === 0 ? null : successes / outcomes
