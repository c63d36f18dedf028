import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { listLimit, unary } from '@pitcrew/rpc'
import { toMessage } from './domain/booking.ts'
import { checkedCentre } from './domain/centre.ts'
import { checkedJob, checkedPreference } from './domain/job.ts'
import { listSlots } from './domain/offer.ts'
import { horizonOf } from './domain/urgency.ts'
import { cancelBooking } from './handlers/cancel-booking.ts'
import { rescheduleBooking } from './handlers/reschedule-booking.ts'
import type { Workshop } from './handlers/workshop.ts'

export function schedulingServer(workshop: Workshop): scheduling.SchedulingServiceServer {
  const { diary, now } = workshop
  return {
    upsertCentre: unary(async ({ centre }: scheduling.UpsertCentreRequest) => {
      await diary.putCentre(checkedCentre(centre))
      return {}
    }),
    listSlots: unary(async (request: scheduling.ListSlotsRequest) => {
      const job = checkedJob(request.job)
      const preference = checkedPreference(request.preference)
      const capacities = await diary.capacities(horizonOf(now()))
      if (preference.centreId !== '' && !capacities.some(({ centre }) => centre.centreId === preference.centreId)) {
        const known = capacities.map(({ centre }) => centre.centreId).join(', ')
        throw new Terminal('NOT_FOUND', `there is no centre "${preference.centreId}"; expected one of: ${known}`)
      }
      return { slots: listSlots({ job, preference, now: now() }, capacities, listLimit(request.limit, { usual: 10 })) }
    }),
    listBookings: unary(async ({ caseId, vehicleId, limit }: scheduling.ListBookingsRequest) => {
      const bookings = await diary.list({ caseId, vehicleId, limit: listLimit(limit) })
      return { bookings: bookings.map(toMessage) }
    }),
    rescheduleBooking: unary((request: scheduling.RescheduleBookingRequest) => rescheduleBooking(workshop, request)),
    cancelBooking: unary((request: scheduling.CancelBookingRequest) => cancelBooking(workshop, request)),
  }
}
