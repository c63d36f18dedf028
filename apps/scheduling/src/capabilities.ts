import { handle, type Handler } from '@pitcrew/agent'
import { capabilities } from '@pitcrew/contracts'
import { cancelBooking } from './handlers/cancel-booking.ts'
import { confirmBooking } from './handlers/confirm-booking.ts'
import { holdSlot } from './handlers/hold-slot.ts'
import { releaseHold } from './handlers/release-hold.ts'
import type { Workshop } from './handlers/workshop.ts'

/** What scheduling does for a workflow. */
export function schedulingCapabilities(workshop: Workshop): Handler[] {
  return [
    handle(capabilities.holdSlot, (request, task) => holdSlot(workshop, request, `${task.taskId}#${task.attempt}`)),
    handle(capabilities.releaseHold, (request) => releaseHold(workshop, request)),
    handle(capabilities.confirmBooking, (request) => confirmBooking(workshop, request)),
    handle(capabilities.cancelBooking, (request) => cancelBooking(workshop, request)),
  ]
}
