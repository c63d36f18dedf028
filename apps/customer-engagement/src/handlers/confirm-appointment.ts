import type { engagement } from '@pitcrew/contracts'
import { messageIdOf } from '../domain/message.ts'
import { already, notify, type NotifyParts } from './notify.ts'
import { bookedSlot, momentOf } from './booked-slot.ts'

/** One message for each time that a booking was given: a rescheduled one (a higher SEQUENCE) is confirmed again. */
export function confirmAppointment(parts: NotifyParts) {
  return async (
    request: engagement.ConfirmAppointmentRequest,
    { signal }: { signal?: AbortSignal },
  ): Promise<engagement.ConfirmAppointmentResponse> => {
    const { caseId, vehicleId, icalendar } = request
    const { booking, slot } = bookedSlot(request)
    const occasion = `${booking.bookingId}/${booking.sequence}`
    const before = await already(parts, messageIdOf(caseId, 'confirmation', occasion), signal)
    if (before !== undefined) return { message: before }

    const { dealerReference, bookingId } = booking
    const content = { purpose: 'confirmation' as const, slot, dealerReference, icalendar }
    const urgency = booking.job?.urgency ?? 'URGENCY_UNSPECIFIED'
    const about = { caseId, vehicleId, urgency, bookingId, expiresAt: momentOf(slot.startsAt) }
    const kind = 'MESSAGE_KIND_CONFIRMATION'
    return { message: await notify(parts, { ...about, purpose: 'confirmation', occasion, kind, content }, signal) }
  }
}
