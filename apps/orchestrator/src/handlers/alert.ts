import type { analysis, vehicle } from '@pitcrew/contracts'
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import type { Json } from '@pitcrew/workflow'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import { priorityOf } from '../domain/priority.ts'
import { vehicleCase, type CaseInput } from '../domain/vehicle-case.ts'
import type { Timing } from '../domain/timing.ts'
import { caseAttributes } from '../templates/index.ts'
import { traceparent } from './trace.ts'

/** An alert opens its case. The alert's id is the case's, so that one alert can never open two. */
export function onAlertRaised(workflows: WorkflowClient, timing: Timing) {
  return async ({ message: alert }: Delivery<analysis.Alert>): Promise<void> => {
    if (!alert.alertId || !alert.vehicleId) {
      throw new Terminal('BAD_ALERT', 'an alert needs an alert id and a vehicle id', {
        details: { alertId: alert.alertId },
      })
    }
    const input: CaseInput = { alert, timing }
    await workflows.start({
      id: alert.alertId,
      definition: vehicleCase.name,
      version: vehicleCase.version,
      input: input as unknown as Json,
      attributes: caseAttributes(input),
      trace: traceparent(),
    })
  }
}

/** News about an open case matters to it when it has become more urgent; further evidence of the same is on the alert. */
export function onAlertEscalated(
  workflows: WorkflowClient,
  urgencyOf: (caseId: string) => Promise<vehicle.Urgency | undefined>,
) {
  return async ({ message: alert, id }: Delivery<analysis.Alert>): Promise<void> => {
    const known = await urgencyOf(alert.alertId)
    if (known !== undefined && (priorityOf[alert.urgency] ?? 4) >= (priorityOf[known] ?? 4)) return
    await signalIfOpen(workflows, {
      id: alert.alertId,
      signal: 'escalated',
      signalId: id,
      payload: alert as unknown as Json,
    })
  }
}

export async function signalIfOpen(
  workflows: WorkflowClient,
  signal: Parameters<WorkflowClient['signal']>[0],
): Promise<void> {
  try {
    await workflows.signal(signal)
  } catch (error) {
    const { code } = toFailure(error)
    if (code !== 'GONE' && code !== 'UNKNOWN_WORKFLOW') throw error
  }
}
