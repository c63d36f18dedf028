import type { ueba } from '@pitcrew/contracts'
import type { AuditEntry } from '../domain/audit-record.ts'
import type { Baseline, Platform, Profile } from '../domain/profile.ts'

export interface AgentState {
  profile: Profile
  blocked: boolean
}

export interface ServiceVersion {
  service: string
  version: string
}

export interface States {
  /** By actor: those asked for, and all of their services that were seen since. */
  agents: Map<string, AgentState>
  /** By baselineKey. */
  baselines: Map<string, Baseline>
  platform: Platform
}

/**
 * The books while they are ours: one turn at a time over all instances, and all of it or nothing is kept. So the audit
 * chain cannot fork, and a message delivered twice finds itself already entered.
 */
export interface Turn {
  /** Those of the ids that have no audit record yet. */
  unseen(ids: readonly string[]): Promise<Set<string>>
  append(entries: readonly AuditEntry[]): Promise<void>
  /** `versions`: the baselines wanted; `liveSince`: ISO. */
  load(actors: readonly string[], versions: readonly ServiceVersion[], liveSince: string): Promise<States>
  saveAgents(agents: readonly AgentState[]): Promise<void>
  saveBaselines(baselines: Iterable<Baseline>, platform: Platform): Promise<void>
  raise(finding: ueba.Finding): Promise<void>
  announceBlocked(message: ueba.AgentBlocked, id: string): Promise<void>
  announceReleased(message: ueba.AgentReleased, id: string): Promise<void>
}

export interface Books {
  inTurn<T>(fn: (turn: Turn) => Promise<T>): Promise<T>
}
