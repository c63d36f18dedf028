/** M3, L10: the agents that make themselves heard, and those that may not work at present. */
import { agent, type workflow } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'

/** Three heartbeats missed. */
const silentMs = 6_000
const refreshMs = 1_000

export class AgentRegistry {
  readonly #database: Database
  readonly #heard = new Map<string, { heartbeat: agent.Heartbeat; at: number }>()
  #blocked = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Listens to heartbeats and keeps the list of the blocked, which other instances change too. */
  async watch(messaging: Messaging, logger: Logger): Promise<{ stop(): Promise<void> }> {
    await this.#refresh()
    const heartbeats = messaging.listen('agent.heartbeat.>', (data) => {
      const heartbeat = agent.Heartbeat.decode(data)
      this.#heard.set(heartbeat.agent, { heartbeat, at: Date.now() })
    })
    const timer = setInterval(() => {
      this.#refresh().catch((error: unknown) => logger.warn('the list of blocked agents could not be read', { error }))
    }, refreshMs)
    return {
      stop: async () => {
        clearInterval(timer)
        await heartbeats.stop()
      },
    }
  }

  mayReport(name: string): boolean {
    return !this.#blocked.has(name)
  }

  async block(name: string, at: string): Promise<void> {
    await this.#stand(name, true, at)
  }

  async release(name: string, at: string): Promise<void> {
    await this.#stand(name, false, at)
  }

  /** Word of a block and of its release come on ways of their own, so the later one holds. */
  async #stand(name: string, blocked: boolean, at: string): Promise<void> {
    await this.#database.query(
      `insert into orchestrator.agent_standing (agent, blocked, at) values ($1, $2, $3)
       on conflict (agent) do update set blocked = excluded.blocked, at = excluded.at where agent_standing.at <= excluded.at`,
      [name, blocked, at],
    )
    await this.#refresh()
  }

  list(): workflow.RegisteredAgent[] {
    const now = Date.now()
    return [...this.#heard.values()]
      .map(({ heartbeat, at }) => ({
        heartbeat,
        blocked: this.#blocked.has(heartbeat.agent),
        alive: now - at < silentMs,
      }))
      .sort((a, b) => (a.heartbeat.agent < b.heartbeat.agent ? -1 : 1))
  }

  async #refresh(): Promise<void> {
    const rows = await this.#database.query<{ agent: string }>(
      'select agent from orchestrator.agent_standing where blocked',
    )
    this.#blocked = new Set(rows.map((row) => row.agent))
  }
}
