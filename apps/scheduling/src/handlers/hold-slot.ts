import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { toMessage } from '../domain/booking.ts'
import { day, minute } from '../domain/interval.ts'
import { checkedJob, checkedPreference } from '../domain/job.ts'
import { makeOffer } from '../domain/offer.ts'
import { required } from './required.ts'
import type { Workshop } from './workshop.ts'

const longestHoldMinutes = (14 * day) / minute

/**
 * Holds the best slot there is and names others. A case and round has one living booking, however often it asks; `attempt`
 * names one attempt of one task, which gets the same booking again even when that was released in the meantime.
 */
export async function holdSlot(
  { diary, now, holdMinutes }: Workshop,
  request: scheduling.HoldSlotRequest,
  attempt: string,
): Promise<scheduling.HoldSlotResponse> {
  const { caseId, vehicleId, round } = request
  required({ case_id: caseId, vehicle_id: vehicleId })
  if (round < 1)
    throw new Terminal('BAD_REQUEST', `round is ${round}; expected 1 for the first offer of a case, then 2, 3, ...`)
  const job = checkedJob(request.job)
  const preference = checkedPreference(request.preference)
  const minutes = request.holdMinutes === 0 ? holdMinutes : request.holdMinutes
  if (minutes > longestHoldMinutes) {
    throw new Terminal(
      'BAD_REQUEST',
      `hold_minutes is ${minutes}; expected at most ${longestHoldMinutes}, or 0 for ${holdMinutes}`,
    )
  }
  const wish = { caseId, vehicleId, round, attempt, job, holdExpiresAt: now() + minutes * minute }
  const booking = await diary.hold(wish, (capacities) => makeOffer({ job, preference, now: now() }, capacities))
  return { booking: toMessage(booking), alternatives: booking.alternatives }
}
