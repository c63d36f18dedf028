import { agent, vehicle } from '@pitcrew/contracts'

/** M2: 1 is urgent (safety, at once), 2 high, 3 scheduled, 4 routine (in batches). */
export const priorityOf: Readonly<Partial<Record<vehicle.Urgency, number>>> = {
  [vehicle.Urgency.CRITICAL]: 1,
  [vehicle.Urgency.HIGH]: 2,
  [vehicle.Urgency.MEDIUM]: 3,
  [vehicle.Urgency.LOW]: 4,
}

const messages: agent.Priority[] = [
  agent.Priority.URGENT,
  agent.Priority.HIGH,
  agent.Priority.SCHEDULED,
  agent.Priority.ROUTINE,
]

export const priorityMessage = (priority: number): agent.Priority => messages[priority - 1] ?? agent.Priority.ROUTINE

/** 0 for one that was not said. */
export const priorityNumber = (priority: agent.Priority): number => messages.indexOf(priority) + 1
