/**
 * M3, L10: the agents that make themselves heard, how loaded they are and how well they do, and those that may not work at
 * present.
 * 1. An agent that is silent for three heartbeats is no candidate; heard again, it is.
 * 2. An agent is blocked when it is, or its whole service.
 */
import { agent, type workflow } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import { chooseAgent, type AgentStanding, type Decision, type TaskDemand } from '@pitcrew/workflow'
import { hear, isSilent, offers, serviceOf, standingOf, type AgentRecord, type Wanted } from '../domain/agent-record.ts'
import { AgentWork } from './agent-work.ts'

const refreshMs = 1_000
/** Names of instances that are gone are not kept for ever. */
const forgottenAfterMs = 24 * 3_600_000

export class AgentRegistry {
  readonly #database: Database
  readonly #nowMs: () => number
  readonly #heard = new Map<string, AgentRecord>()
  readonly #work: AgentWork
  #blocked = new Set<string>()

  constructor(database: Database, nowMs: () => number = () => Date.now()) {
    this.#database = database
    this.#nowMs = nowMs
    this.#work = new AgentWork(database)
  }

  /** Listens to heartbeats and keeps the list of the blocked and the records, which other instances change too. */
  async watch(messaging: Messaging, logger: Logger): Promise<{ stop(): Promise<void> }> {
    await this.#refresh()
    const heartbeats = messaging.listen('agent.heartbeat.>', (data) => {
      const heartbeat = agent.Heartbeat.decode(data)
      const known = this.#heard.get(heartbeat.agent)
      this.#heard.set(heartbeat.agent, hear(known, heartbeat, this.#nowMs()))
    })
    const timer = setInterval(() => {
      this.#refresh().catch((error: unknown) => logger.warn('what is known of agents could not be read', { error }))
    }, refreshMs)
    return {
      stop: async () => {
        clearInterval(timer)
        await heartbeats.stop()
        await this.#work
          .refresh()
          .catch((error: unknown) => logger.warn('the last records of agents are not written', { error }))
      },
    }
  }

  mayReport(name: string): boolean {
    return !this.#isBlocked(name)
  }

  async block(name: string, at: string): Promise<void> {
    await this.#stand(name, true, at)
  }

  async release(name: string, at: string): Promise<void> {
    await this.#stand(name, false, at)
  }

  /** What became of one attempt of a task. */
  observe(name: string, capability: string, ok: boolean, durationMs: number): void {
    this.#work.observe(name, capability, ok, durationMs)
  }

  /** Those that are here, may work and offer what is wanted. */
  find(wanted: Wanted): AgentRecord[] {
    const now = this.#nowMs()
    return this.#all().filter(
      (record) => offers(record, wanted) && !isSilent(record, now) && !this.#isBlocked(record.agent),
    )
  }

  /** Every agent that offered it when it was last heard, also the silent and the blocked. */
  standings(capability: string): AgentStanding[] {
    return this.#all()
      .filter((record) => offers(record, { capability }))
      .map((record) => standingOf(record, this.#isBlocked(record.agent), this.#work.of(record.agent, capability)))
  }

  /** F1: the agent for a task, with what spoke for it and why the others are not it. */
  choose(task: TaskDemand): Decision {
    return chooseAgent(task, this.standings(task.capability), this.#nowMs())
  }

  list(): workflow.RegisteredAgent[] {
    const now = this.#nowMs()
    return this.#all().map((record) => ({
      heartbeat: record.heartbeat,
      blocked: this.#isBlocked(record.agent),
      alive: !isSilent(record, now),
    }))
  }

  #all(): AgentRecord[] {
    return [...this.#heard.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1))
  }

  #isBlocked(name: string): boolean {
    return this.#blocked.has(name) || this.#blocked.has(serviceOf(name))
  }

  /** Word of a block and of its release come on ways of their own, so the later one holds. */
  async #stand(name: string, blocked: boolean, at: string): Promise<void> {
    await this.#database.query(
      `insert into orchestrator.agent_standing (agent, blocked, at) values ($1, $2, $3)
       on conflict (agent) do update set blocked = excluded.blocked, at = excluded.at where agent_standing.at <= excluded.at`,
      [name, blocked, at],
    )
    await this.#readBlocked()
  }

  async #refresh(): Promise<void> {
    await this.#readBlocked()
    await this.#work.refresh()
    const now = this.#nowMs()
    for (const { agent: name, heardAt } of this.#all()) if (now - heardAt >= forgottenAfterMs) this.#heard.delete(name)
  }

  async #readBlocked(): Promise<void> {
    const rows = await this.#database.query<{ agent: string }>(
      'select agent from orchestrator.agent_standing where blocked',
    )
    this.#blocked = new Set(rows.map((row) => row.agent))
  }
}
