import type { analysis } from '@pitcrew/contracts'
import { currentFindings, plannedCandidate, signalEvidence } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import { featureOf } from '../domain/planned-maintenance/index.ts'
import type { PlanStore } from './planned-maintenance/ports.ts'
import type { CaseFiles } from './ports.ts'

/**
 * Task diagnosis.signal-evidence: what spoke when the alert was raised; a later pass adds what has spoken since. A service
 * that was due is what the case may be about.
 */
export function signalEvidenceTask(files: Pick<CaseFiles, 'alert' | 'state'>, plans: Pick<PlanStore, 'list'>) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const { system } = snapshot
    const now = request.iteration > 1 ? (await files.state(alert.vehicleId))?.state : undefined
    const since = now === undefined ? [] : currentFindings(now).filter((finding) => finding.system === system)
    const result = signalEvidence({
      system,
      findings: [...snapshot.findings, ...since],
      observedSignals: [...snapshot.observedSignals, ...Object.keys(now?.signals ?? {})],
    })
    const due = new Set(
      snapshot.findings.filter(({ detector }) => detector === 'planned-maintenance').map(({ feature }) => feature),
    )
    if (due.size === 0) return nodeMessage(result)
    const about = (await plans.list()).map(({ plan }) => plan).filter((plan) => due.has(featureOf(plan)))
    const candidate = plannedCandidate(system, snapshot.findings, about)
    return nodeMessage(candidate ? { ...result, candidates: [candidate] } : result)
  }
}
