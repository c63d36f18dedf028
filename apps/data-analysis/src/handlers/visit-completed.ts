import type { scheduling } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { CaseLedger } from './ports.ts'

/** Event scheduling.visit.completed: a repaired system is learned anew, and what was found teaches later diagnoses. */
export function onVisitCompleted(ledger: Pick<CaseLedger, 'repaired'>, logger: Logger) {
  return async ({ message, time }: Pick<Delivery<scheduling.VisitCompleted>, 'message' | 'time'>): Promise<void> => {
    const { caseId, workOrder, at } = message
    if (!workOrder?.repaired) return
    const known = await ledger.repaired({
      caseId,
      failureMode: workOrder.failureModeFound,
      component: workOrder.componentReplaced,
      odometerKm: workOrder.odometerKm,
      at: at ?? time,
    })
    if (!known) logger.info('a vehicle was repaired about which we had no alert', { case: caseId })
  }
}
