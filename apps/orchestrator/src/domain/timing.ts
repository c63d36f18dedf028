import { vehicle } from '@pitcrew/contracts'

/** How long a case waits for people, in milliseconds. Part of a case's input, so that a change of it concerns new cases only. */
export interface Timing {
  /** For an answer to a message, by urgency. */
  reply: Record<vehicle.Urgency, number>
  /** Until a MEDIUM case is taken up with the day's batch. */
  batch: number
  /** For a person to decide on a diagnosis that is too uncertain. */
  approval: number
  /** For the vehicle to arrive after it was booked. */
  arrival: number
  /** In the workshop. */
  repair: number
  feedback: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** @param scale 1 is real time; 3600 makes an hour pass in a second, for demonstrations */
export function timing(scale: number): Timing {
  const scaled = (ms: number): number => Math.max(1, Math.round(ms / scale))
  return {
    reply: {
      [vehicle.Urgency.CRITICAL]: scaled(30 * minute),
      [vehicle.Urgency.HIGH]: scaled(4 * hour),
      [vehicle.Urgency.MEDIUM]: scaled(day),
      [vehicle.Urgency.LOW]: scaled(day),
      [vehicle.Urgency.UNSPECIFIED]: scaled(day),
    },
    batch: scaled(day),
    approval: scaled(day),
    arrival: scaled(45 * day),
    repair: scaled(14 * day),
    feedback: scaled(7 * day),
  }
}
