import { handle, type Handler } from '@pitcrew/agent'
import { capabilities } from '@pitcrew/contracts'
import { assessUrgencyTask } from './assess-urgency.ts'
import { collectEvidence } from './collect-evidence.ts'
import { faultCodesTask } from './fault-codes.ts'
import { fleetPeersTask } from './fleet-peers.ts'
import type { PlanStore } from './planned-maintenance/ports.ts'
import type { CaseFiles, VehicleRegister } from './ports.ts'
import { rankHypothesesTask } from './rank-hypotheses.ts'
import { signalEvidenceTask } from './signal-evidence.ts'
import { similarFailuresTask } from './similar-failures.ts'
import { vehicleHistoryTask } from './vehicle-history.ts'

/** C4: what this service does for a case. */
export const analysisCapabilities = (
  files: CaseFiles,
  register: VehicleRegister,
  plans: Pick<PlanStore, 'list'>,
  now: () => number,
): Handler[] => [
  handle(capabilities.collectEvidence, collectEvidence(files, register)),
  handle(capabilities.signalEvidence, signalEvidenceTask(files, plans)),
  handle(capabilities.faultCodes, faultCodesTask(files)),
  handle(capabilities.vehicleHistory, vehicleHistoryTask(files, now)),
  handle(capabilities.fleetPeers, fleetPeersTask(files, now)),
  handle(capabilities.similarFailures, similarFailuresTask(files, now)),
  handle(capabilities.rankHypotheses, rankHypothesesTask),
  handle(capabilities.assessUrgency, assessUrgencyTask(files)),
]
