import type { engagement } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { messageIdOf } from '../domain/message.ts'
import { already, notify, type NotifyParts } from './notify.ts'

/** Once for each case. */
export function askFeedback(parts: NotifyParts) {
  return async (
    { caseId, vehicleId }: engagement.AskFeedbackRequest,
    { signal }: { signal?: AbortSignal },
  ): Promise<engagement.AskFeedbackResponse> => {
    if (caseId === '' || vehicleId === '') {
      throw new Terminal('BAD_REQUEST', 'asking for feedback needs case_id and vehicle_id', { details: { caseId } })
    }
    const before = await already(parts, messageIdOf(caseId, 'feedback', ''), signal)
    if (before !== undefined) return { message: before }

    const notice = {
      ...{ caseId, vehicleId, bookingId: '', expiresAt: undefined, urgency: 'URGENCY_UNSPECIFIED' as const },
      ...{ purpose: 'feedback' as const, occasion: '', kind: 'MESSAGE_KIND_FEEDBACK_REQUEST' as const },
      content: { purpose: 'feedback' as const },
    }
    return { message: await notify(parts, notice, signal) }
  }
}
