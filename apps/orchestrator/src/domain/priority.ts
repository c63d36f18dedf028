import { vehicle } from '@pitcrew/contracts'

/** M2: 1 is urgent (safety, at once), 2 high, 3 scheduled, 4 routine (in batches). */
export const priorityOf: Readonly<Partial<Record<vehicle.Urgency, number>>> = {
  [vehicle.Urgency.CRITICAL]: 1,
  [vehicle.Urgency.HIGH]: 2,
  [vehicle.Urgency.MEDIUM]: 3,
  [vehicle.Urgency.LOW]: 4,
}
