/** The stations of a case on its way, as the platform's events tell of them. */
import { analysis, engagement, scheduling, workflow } from '@pitcrew/contracts'
import type { PlatformEvent } from '../api/events.ts'
import { timeText } from '../operate/why.ts'
import { plain, words } from '../print/names.ts'
import type { Fields } from './teller.ts'

export interface Station {
  event: string
  words: string
  fields: Fields
}

type Reader = (message: unknown) => Omit<Station, 'event'> | undefined

const readers: Record<string, Reader> = {
  'alert.raised': alert,
  'alert.escalated': alert,
  'case.changed': failedAttempt,
  'message.sent': (message) => {
    const { message: sent } = engagement.MessageSent.fromJSON(message)
    if (sent === undefined) return undefined
    const { kind, channel, status, reason } = sent
    return {
      words: `${words(kind)} by ${words(channel)}, ${words(status)}${reason ? `: ${reason}` : ''}`,
      fields: { kind: plain(kind), channel: plain(channel), status: plain(status) },
    }
  },
  'reply.received': (message) => {
    const { kind } = engagement.ReplyReceived.fromJSON(message)
    return { words: `the customer says: ${words(kind)}`, fields: { kind: plain(kind) } }
  },
  'booking.changed': (message) => {
    const { booking, reason } = scheduling.BookingChanged.fromJSON(message)
    if (booking === undefined) return undefined
    const { status, slot, dealerReference } = booking
    const place = slot ? ` at ${slot.centreName}, ${slot.startsAt ?? ''}` : ''
    const note = [dealerReference, reason].filter((text) => text !== '').join(', ')
    return {
      words: `${words(status)}${place}${note ? ` (${note})` : ''}`,
      fields: { status: plain(status), startsAt: slot?.startsAt },
    }
  },
  'visit.started': () => ({ words: 'the workshop took the vehicle in', fields: {} }),
  'visit.completed': (message) => {
    const { workOrder } = scheduling.VisitCompleted.fromJSON(message)
    if (workOrder === undefined) return undefined
    const { failureModeFound, componentReplaced, repaired } = workOrder
    const done = repaired ? `${componentReplaced} replaced` : 'not repaired'
    return { words: `found ${failureModeFound}, ${done}`, fields: { failureModeFound, componentReplaced, repaired } }
  },
  'feedback.received': (message) => {
    const { rating, problemSolved } = engagement.FeedbackReceived.fromJSON(message)
    return {
      words: `${rating} of 5, ${problemSolved ? 'problem solved' : 'problem not solved'}`,
      fields: { rating, problemSolved },
    }
  },
}

/** Undefined for an event that is no station. */
export function stationOf({ type, message }: PlatformEvent): Station | undefined {
  const told = Object.hasOwn(readers, type) ? readers[type]?.(message) : undefined
  return told && { event: type === 'case.changed' ? 'attempt.failed' : type, ...told }
}

function alert(message: unknown): Omit<Station, 'event'> {
  const { alertId, system, urgency, timeToFailure, evidence } = analysis.Alert.fromJSON(message)
  const time = timeToFailure ? `, fails in ${timeText(timeToFailure)}` : ''
  const because = evidence[0]?.explanation
  return {
    words: `${words(system)}, ${plain(urgency)}${time}${because ? `: ${because}` : ''}`,
    fields: { alertId, system: plain(system), urgency: plain(urgency), timeToFailure },
  }
}

/** Of all changes only a failed attempt is a station of its own; phases are told by standingOf. */
function failedAttempt(message: unknown): Omit<Station, 'event'> | undefined {
  const { case: changed, transition } = workflow.CaseChanged.fromJSON(message)
  if (changed === undefined || transition?.event !== 'task-failed') return undefined
  const { node, agent, detail } = transition
  return {
    words: `attempt of ${node} by ${agent} failed: ${detail}`,
    fields: { caseId: changed.caseId, node, agent, detail, phase: plain(changed.phase) },
  }
}

export interface CaseStanding {
  caseId: string
  vehicleId: string
  phase: string
  status: string
  outcome: string
  detail: string
}

/** What a change of a case says of where it stands; undefined for other events. */
export function standingOf({ type, message }: PlatformEvent): CaseStanding | undefined {
  const changed = type === 'case.changed' ? workflow.CaseChanged.fromJSON(message).case : undefined
  return changed && toStanding(changed)
}

export function toStanding({ caseId, vehicleId, phase, status, outcome, detail }: workflow.Case): CaseStanding {
  return { caseId, vehicleId, phase: plain(phase), status: plain(status), outcome, detail }
}

export const hasEnded = ({ status }: CaseStanding): boolean => ['COMPLETED', 'FAILED', 'CANCELLED'].includes(status)
