export { admissionPolicy, chooseAdmission, type PendingWorkflow } from './admission.ts'
export { agentPolicy, chooseAgent, silentAfterMs, type AgentStanding, type TaskDemand } from './agents.ts'
export {
  countDecision,
  countOutcome,
  noDecisions,
  winRate,
  type ActionAnalytics,
  type DecisionAnalytics,
} from './analytics.ts'
export { choose, outcomeOf, type Choosing } from './choose.ts'
export type { Contribution, Decision, Judged, Verdict } from './decision.ts'
export { learn, noExperience, type Experience, type Outcome } from './experience.ts'
export { explainDecision } from './explain.ts'
export {
  checkPolicy,
  type ActionRule,
  type Candidate,
  type Factor,
  type Fairness,
  type Learning,
  type Policy,
} from './policy.ts'
export { compareVersions } from './version.ts'
export { wilsonLowerBound } from './wilson.ts'
