import { workflow } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { CaseLedger } from './ports.ts'

/**
 * Event orchestration.case.changed: an alert lives as long as its case. One that FAILED has not ended: it waits for a
 * person, who may retry it.
 */
export function onCaseChanged(ledger: Pick<CaseLedger, 'ended'>, logger: Logger) {
  return async ({ message }: Pick<Delivery<workflow.CaseChanged>, 'message'>): Promise<void> => {
    const subject = message.case
    if (subject === undefined || !hasEnded(subject.status)) return
    const outcome = subject.outcome === '' ? 'cancelled' : subject.outcome
    if (!(await ledger.ended({ caseId: subject.caseId, outcome })))
      logger.info('a case has ended that no alert of ours opened', { case: subject.caseId })
  }
}

const hasEnded = (status: workflow.WorkflowStatus): boolean =>
  status === workflow.WorkflowStatus.COMPLETED || status === workflow.WorkflowStatus.CANCELLED
