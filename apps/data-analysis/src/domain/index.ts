export { analyse, type Analysis } from './analyse.ts'
export { decideAlert, quiet, type AlertDecision, type AlertState } from './alert-policy.ts'
export { readThresholds, type AlertThresholds } from './alert-thresholds.ts'
export { checkRule, rulesFor, type AlertRule } from './alert-rules/rule.ts'
export { assess, type Assessment } from './assess.ts'
export { currentFindings } from './current-findings.ts'
export type { Detector, Finding } from './finding.ts'
export type { HazardPoint } from './hazard.ts'
export type { HoursInterval } from './interval.ts'
export { noteRepair, type BrokenModel } from './models/model-findings.ts'
export { monitors } from './monitors/index.ts'
export type { Monitor } from './monitor.ts'
export type { SignalSummary } from './signal-state.ts'
export { featuresOf, latestOf, levelsOf, snapshotOf, type Snapshot } from './snapshot.ts'
export {
  fewestPeers,
  peerFinding,
  peerFindings,
  peerGroupOf,
  peerLevelsOf,
  type PeerLevel,
  type PeerLevels,
} from './peers.ts'
export { hazardIn30Days, systemHealth, type SystemHealth } from './system-health.ts'
export { factorsOf, lagHours, type ConformalFactors } from './time-to-limit.ts'
export { alone, type Surroundings } from './surroundings.ts'
export { urgencyOf, urgencies, type Urgency } from './urgency.ts'
export { createVehicleState, fromJSON, stateVersion, summaries, toJSON, type VehicleState } from './vehicle-state.ts'
export { forgetSystem, settleAlert, watch, type Watch } from './watch.ts'
export * from './diagnosis/index.ts'
