/**
 * What may happen to a booking, and what it is afterwards.
 *
 * - `held`, `pending`, `confirmed` and `in_service` claim their bay and technician; the others claim nothing.
 * - `pending` means that the dealer may or may not have the appointment: it is left only by the dealer's answer or by a
 *   cancellation that is told to the dealer.
 */
import { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'

export const BookingStatus = scheduling.BookingStatus
export type BookingStatus = scheduling.BookingStatus

export type BookingStep =
  | 'confirm'
  | 'hold-again'
  | 'expire'
  | 'dealer-accepts'
  | 'dealer-refuses'
  | 'cancel'
  | 'move'
  | 'vehicle-arrives'
  | 'vehicle-returns'

const { HELD, PENDING, CONFIRMED, IN_SERVICE, COMPLETED, CANCELLED, EXPIRED } = BookingStatus

export const claiming: readonly BookingStatus[] = [HELD, PENDING, CONFIRMED, IN_SERVICE]

const table: Record<BookingStep, Partial<Record<BookingStatus, BookingStatus>>> = {
  confirm: { [HELD]: PENDING },
  'hold-again': { [EXPIRED]: HELD },
  expire: { [HELD]: EXPIRED },
  'dealer-accepts': { [PENDING]: CONFIRMED },
  'dealer-refuses': { [PENDING]: CANCELLED },
  cancel: { [HELD]: CANCELLED, [PENDING]: CANCELLED, [CONFIRMED]: CANCELLED, [EXPIRED]: CANCELLED },
  move: { [HELD]: HELD, [CONFIRMED]: CONFIRMED },
  'vehicle-arrives': { [CONFIRMED]: IN_SERVICE },
  'vehicle-returns': { [IN_SERVICE]: COMPLETED },
}

/** The status after `step`. @throws Terminal ILLEGAL_TRANSITION */
export function after(status: BookingStatus, step: BookingStep): BookingStatus {
  const next = table[step][status]
  if (next !== undefined) return next
  throw new Terminal('ILLEGAL_TRANSITION', `a booking that is ${word(status)} cannot ${step}; expected ${from(step)}`, {
    hint: 'read the booking again: somebody else changed it',
    details: { status, step },
  })
}

export function isClaiming(status: BookingStatus): boolean {
  return claiming.includes(status)
}

/** "BOOKING_STATUS_IN_SERVICE" as "in service". */
export function word(status: BookingStatus): string {
  return status.replace('BOOKING_STATUS_', '').replaceAll('_', ' ').toLowerCase()
}

function from(step: BookingStep): string {
  return Object.keys(table[step])
    .map((status) => word(status as BookingStatus))
    .join(' or ')
}
