import { ueba } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import { baselineKey, newPlatform, type Baseline, type Platform, type Profile } from '../domain/profile.ts'
import type { AgentState, ServiceVersion, States } from '../handlers/turn.ts'

interface AgentRow {
  profile: Profile
  blocked: boolean
}

const platformKey = 'platform'

export async function loadStates(
  tx: Sql,
  actors: readonly string[],
  versions: readonly ServiceVersion[],
  liveSince: string,
): Promise<States> {
  const agents = await tx.query<AgentRow>(
    `select profile, blocked from ueba.agent
     where actor = any($1::text[]) or (service = any($2::text[]) and last_seen >= $3::timestamptz)`,
    [actors, [...new Set(versions.map(({ service }) => service))], liveSince],
  )
  const subjects = [platformKey, ...versions.map(baselineKey)]
  const baselines = await tx.query<{ subject: string; state: unknown }>(
    'select subject, state from ueba.baseline where subject = any($1::text[])',
    [subjects],
  )
  const stored = new Map(baselines.map(({ subject, state }) => [subject, state]))
  return {
    agents: new Map(agents.map(({ profile, blocked }) => [profile.actor, { profile, blocked }])),
    baselines: new Map(
      versions.flatMap((version) => {
        const key = baselineKey(version)
        const state = stored.get(key)
        return state === undefined ? [] : [[key, state as Baseline] as const]
      }),
    ),
    platform: (stored.get(platformKey) as Platform | undefined) ?? newPlatform(),
  }
}

export async function saveAgents(tx: Sql, agents: readonly AgentState[]): Promise<void> {
  await tx.query(
    `insert into ueba.agent (actor, service, profile, blocked, last_seen)
     select profile ->> 'actor', profile ->> 'service', profile, blocked, to_timestamp((profile ->> 'lastSeen')::float8 / 1000)
     from unnest($1::text[]::jsonb[], $2::boolean[]) as a (profile, blocked)
     on conflict (actor) do update set profile = excluded.profile, blocked = excluded.blocked, last_seen = excluded.last_seen`,
    [agents.map(({ profile }) => JSON.stringify(profile)), agents.map(({ blocked }) => blocked)],
  )
}

export async function saveBaselines(tx: Sql, baselines: Iterable<Baseline>, platform: Platform): Promise<void> {
  const states: [string, unknown][] = [[platformKey, platform]]
  for (const baseline of baselines) states.push([baselineKey(baseline), baseline])
  await tx.query(
    `insert into ueba.baseline (subject, state) select * from unnest($1::text[], $2::text[]::jsonb[])
     on conflict (subject) do update set state = excluded.state`,
    [states.map(([subject]) => subject), states.map(([, state]) => JSON.stringify(state))],
  )
}

export async function saveFinding(tx: Sql, finding: ueba.Finding): Promise<void> {
  await tx.query('insert into ueba.finding (finding_id, at, finding) values ($1, $2::timestamptz, $3::jsonb)', [
    finding.findingId,
    finding.at,
    JSON.stringify(ueba.Finding.toJSON(finding)),
  ])
}

/** Latest first. */
export async function listFindings(sql: Sql, limit: number): Promise<ueba.Finding[]> {
  const rows = await sql.query<{ finding: unknown }>(
    'select finding from ueba.finding order by at desc, finding_id limit $1',
    [limit],
  )
  return rows.map(({ finding }) => ueba.Finding.fromJSON(finding))
}

export async function listAgents(sql: Sql): Promise<AgentState[]> {
  return sql.query<AgentRow>('select profile, blocked from ueba.agent order by actor')
}
