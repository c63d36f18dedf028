export { proposeTests, type ProposedTest } from './choose-test.ts'
export { assessUrgency, type AssessUrgencyInput, type UrgencyAssessment } from './assess-urgency.ts'
export type { FailureMode, Likelihood, Skill } from './failure-mode.ts'
export { faultCodes, type FaultCodesInput } from './fault-codes.ts'
export { fleetPeers, type FleetPeersInput } from './fleet-peers.ts'
export {
  diagnosisNodes,
  iterationOf,
  judgePass,
  latest,
  newsOf,
  usualLimits,
  type DiagnosisLimits,
  type Pass,
} from './judge-pass.ts'
export type { FailureTest } from './failure-test.ts'
export { failureModes, modesOf } from './knowledge.ts'
export { failureTests } from './knowledge-tests.ts'
export type { Candidate, DiagnosisNode, NodeResult, Support } from './node-result.ts'
export { plannedCandidate, plannedMode } from './planned-candidate.ts'
export { otherMode, rankHypotheses, type Answer, type Hypothesis, type Ranking } from './rank-hypotheses.ts'
export { signalEvidence, type SignalEvidenceInput } from './signal-evidence.ts'
export { similarFailures, type PastFailure, type SimilarFailuresInput } from './similar-failures.ts'
export { vehicleHistory, type HistoryEvent, type VehicleHistoryInput } from './vehicle-history.ts'
