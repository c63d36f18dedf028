import type { engagement } from '@pitcrew/contracts'
import { openRound } from '../domain/conversation.ts'
import { messageIdOf } from '../domain/message.ts'
import { already, notify, type NotifyParts } from './notify.ts'
import { bookedSlot, momentOf } from './booked-slot.ts'

/** One message for each round of a case, however often the task is delivered. */
export function proposeAppointment(parts: NotifyParts) {
  return async (
    request: engagement.ProposeAppointmentRequest,
    { signal }: { signal?: AbortSignal },
  ): Promise<engagement.ProposeAppointmentResponse> => {
    const { caseId, vehicleId, urgency, system, problem, alternatives } = request
    const { booking, slot } = bookedSlot(request)
    const occasion = String(request.round)
    const messageId = messageIdOf(caseId, 'proposal', occasion)
    const before = await already(parts, messageId, signal)
    if (before !== undefined) return { message: before }

    const round = openRound(await parts.messages.rounds(caseId), { messageId, bookingId: booking.bookingId, urgency })
    const reminder = round.kind === 'MESSAGE_KIND_REMINDER'
    const content = { purpose: 'proposal' as const, reminder, urgency, system, problem, slot, alternatives }
    const about = { caseId, vehicleId, urgency, bookingId: booking.bookingId, expiresAt: momentOf(slot.startsAt) }
    return { message: await notify(parts, { ...about, ...round, purpose: 'proposal', occasion, content }, signal) }
  }
}
