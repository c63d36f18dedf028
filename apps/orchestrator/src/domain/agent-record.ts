/**
 * M3: what is known of one agent: who it says it is, how loaded it is, when it was last heard, and how its work went.
 * 1. When it was heard is by the clock of who hears, so clocks are never compared.
 * 2. A run of an agent that began before the one that is known changes nothing: word of it came late.
 */
import type { agent, AgentType } from '@pitcrew/contracts'
import { silentAfterMs, type AgentStanding } from '@pitcrew/workflow'

export interface AgentRecord {
  /** "<service>.<instance>" */
  agent: string
  heartbeat: agent.Heartbeat
  /** Unix milliseconds. */
  heardAt: number
}

/** How an agent did at one capability. */
export interface WorkRecord {
  succeeded: number
  failed: number
  /** Of all attempts that ended. */
  totalMs: number
}

export interface Wanted {
  type?: AgentType
  capability?: string
  /** Any of these. */
  expertise?: readonly string[]
}

export const noWork: WorkRecord = { succeeded: 0, failed: 0, totalMs: 0 }

export function hear(known: AgentRecord | undefined, heartbeat: agent.Heartbeat, now: number): AgentRecord {
  const began = heartbeat.startedAt ?? ''
  if (known !== undefined && began < (known.heartbeat.startedAt ?? '')) return known
  return { agent: heartbeat.agent, heartbeat, heardAt: now }
}

export const addWork = (a: WorkRecord, b: WorkRecord): WorkRecord => ({
  succeeded: a.succeeded + b.succeeded,
  failed: a.failed + b.failed,
  totalMs: a.totalMs + b.totalMs,
})

export const isSilent = ({ heardAt }: AgentRecord, now: number): boolean => now - heardAt >= silentAfterMs

export const serviceOf = (name: string): string => name.split('.')[0] ?? name

export function offers({ heartbeat }: AgentRecord, { type, capability, expertise }: Wanted): boolean {
  return (
    (type === undefined || heartbeat.types.includes(type)) &&
    (capability === undefined || heartbeat.capabilities.includes(capability)) &&
    (expertise === undefined || expertise.some((tag) => heartbeat.expertise.includes(tag)))
  )
}

/** For `chooseAgent`. One that does not say how many tasks it takes at once takes one more than it has. */
export function standingOf(
  { agent: id, heartbeat, heardAt }: AgentRecord,
  blocked: boolean,
  work: WorkRecord,
): AgentStanding {
  const { capabilities, expertise, version, running, slots } = heartbeat
  const { succeeded, failed, totalMs } = work
  const done = succeeded + failed
  const record = { succeeded, failed, ...(done > 0 && { meanMs: totalMs / done }) }
  return { id, capabilities, expertise, version, running, slots: slots || running + 1, blocked, heardAt, record }
}
