/** From free time to an offer: the slot to hold and others to choose from. */
import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Place } from './booking.ts'
import { isSkilled, type CentreCapacity } from './capacity.ts'
import { searchSlots, type Candidate, type SlotSearch } from './slot-search.ts'
import { toSlot } from './slot.ts'
import { spread } from './spread.ts'
import { hasteOf } from './urgency.ts'

export const alternativesOffered = 3

export interface Offer {
  place: Place
  alternatives: scheduling.Slot[]
}

/** @throws Terminal NO_CAPACITY when nobody anywhere can do the job, NO_SLOT when all who can are taken */
export function makeOffer(search: SlotSearch, capacities: readonly CentreCapacity[]): Offer {
  const [best, ...others] = choose(search, capacities, 1 + alternativesOffered)
  if (best === undefined) throw nothingFor(search.job, capacities)
  const { centre, span, bay, technicianId } = best
  return {
    place: { centre, span, bay, technicianId },
    alternatives: others.map((other) => toSlot(other.centre, other.span)),
  }
}

/** Up to `count` slots, best first. */
export function listSlots(search: SlotSearch, capacities: readonly CentreCapacity[], count: number): scheduling.Slot[] {
  return choose(search, capacities, count).map(({ centre, span }) => toSlot(centre, span))
}

function choose(search: SlotSearch, capacities: readonly CentreCapacity[], count: number): Candidate[] {
  return spread(searchSlots(search, capacities), count, hasteOf(search.job.urgency).spreadMs)
}

function nothingFor(job: scheduling.Job, capacities: readonly CentreCapacity[]): Terminal {
  const able = capacities.filter(({ centre }) => centre.technicians.some((one) => isSkilled(one, job.skill)))
  if (able.length === 0) {
    const message = `no technician of ${capacities.length} centres has the skill "${job.skill}"`
    return new Terminal('NO_CAPACITY', message, { hint: 'add a centre or a technician with that skill (UpsertCentre)' })
  }
  const message = `no free slot of ${job.labourHours} h for "${job.skill}" in ${able.length} centres up to the planning horizon`
  return new Terminal('NO_SLOT', message, {
    hint: 'extend opening hours, add bays or technicians, or relax the preference',
  })
}
