/**
 * How the work of each agent went, for all instances of the orchestrator together.
 * 1. What was observed is counted here once: until it is written it is added to what was read.
 * 2. A write that fails loses nothing; it is written with the next.
 * A result that the projection brings again after a crash is counted again: it says how well an agent does, not what it did.
 */
import type { Database, Migration } from '@pitcrew/database'
import { addWork, noWork, type WorkRecord } from '../domain/agent-record.ts'

export const agentWorkMigration: Migration = {
  name: '0003-agent-work',
  sql: `
    create table orchestrator.agent_work (
      agent text not null,
      capability text not null,
      succeeded bigint not null,
      failed bigint not null,
      total_ms double precision not null,
      primary key (agent, capability)
    );
  `,
}

interface Row extends WorkRecord {
  agent: string
  capability: string
}

export class AgentWork {
  readonly #database: Database
  #stored = new Map<string, WorkRecord>()
  #observed = new Map<string, Row>()

  constructor(database: Database) {
    this.#database = database
  }

  of(agent: string, capability: string): WorkRecord {
    const key = keyOf(agent, capability)
    return addWork(this.#stored.get(key) ?? noWork, this.#observed.get(key) ?? noWork)
  }

  observe(agent: string, capability: string, ok: boolean, durationMs: number): void {
    this.#add({ agent, capability, succeeded: ok ? 1 : 0, failed: ok ? 0 : 1, totalMs: durationMs })
  }

  /** Writes what was observed here and reads what all have. */
  async refresh(): Promise<void> {
    const writing = [...this.#observed.values()]
    if (writing.length > 0) await this.#write(writing)
    const rows = await this.#database.query<Row>(
      'select agent, capability, succeeded::float8, failed::float8, total_ms as "totalMs" from orchestrator.agent_work',
    )
    this.#stored = new Map(rows.map((row) => [keyOf(row.agent, row.capability), row]))
  }

  async #write(rows: Row[]): Promise<void> {
    this.#observed = new Map()
    try {
      await this.#database.query(
        `insert into orchestrator.agent_work as known (agent, capability, succeeded, failed, total_ms)
         select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::float8[])
         on conflict (agent, capability) do update set succeeded = known.succeeded + excluded.succeeded,
           failed = known.failed + excluded.failed, total_ms = known.total_ms + excluded.total_ms`,
        [
          rows.map(({ agent }) => agent),
          rows.map(({ capability }) => capability),
          rows.map(({ succeeded }) => succeeded),
          rows.map(({ failed }) => failed),
          rows.map(({ totalMs }) => totalMs),
        ],
      )
      for (const row of rows) this.#keep(row)
    } catch (error) {
      for (const row of rows) this.#add(row)
      throw error
    }
  }

  /** Until it is read back. */
  #keep({ agent, capability, ...work }: Row): void {
    const key = keyOf(agent, capability)
    this.#stored.set(key, addWork(this.#stored.get(key) ?? noWork, work))
  }

  #add({ agent, capability, ...work }: Row): void {
    const key = keyOf(agent, capability)
    this.#observed.set(key, { agent, capability, ...addWork(this.#observed.get(key) ?? noWork, work) })
  }
}

/** A capability has no space in its name. */
const keyOf = (agent: string, capability: string): string => `${capability} ${agent}`
