import { ueba, type agent } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import { believed } from '../domain/actor.ts'
import { entryOfActivity, entryOfFinding, entryOfRemediation, type AuditEntry } from '../domain/audit-record.ts'
import { consequenceOf, type LadderSettings } from '../domain/ladder.ts'
import type { Manifest } from '../domain/manifest.ts'
import { observe } from '../domain/observe.ts'
import { baselineKey, newBaseline, newProfile } from '../domain/profile.ts'
import { riskOf, withFinding } from '../domain/risk.ts'
import { isNews, severityOf, type Suspicion } from '../domain/suspicion.ts'
import type { AgentState, Books, States, Turn } from './turn.ts'

export interface WatchSettings extends LadderSettings {
  halfLifeMs: number
  /** An agent that did something within this time counts as live. */
  liveMs: number
}

interface Watch {
  manifest: Manifest
  settings: WatchSettings
  /** Ms since the epoch. */
  now: () => number
}

interface Seen {
  activity: agent.Activity
  at: number
}

type Arrival = Pick<Delivery<agent.ActivityBatch>, 'message' | 'id' | 'key' | 'time'>

/** Event agent.activities.recorded: into the audit log, then judged, then learned; the same activity once. */
export function onActivitiesRecorded(books: Books, watch: Watch) {
  return async (batch: readonly Arrival[]): Promise<void> => {
    const arrived = batch.flatMap((arrival) => seen(arrival, watch.now()))
    await books.inTurn(async (turn) => {
      const fresh = await unseenOf(turn, arrived)
      if (fresh.length === 0) return
      const actors = [...new Set(fresh.map(({ activity }) => activity.actor))]
      const versions = [...new Map(fresh.map(({ activity }) => [baselineKey(activity), activity])).values()]
      const states = await turn.load(actors, versions, new Date(watch.now() - watch.settings.liveMs).toISOString())
      const entries: AuditEntry[] = []
      for (const one of fresh) entries.push(...(await judge(turn, states, one, watch)))
      await turn.append(entries)
      await turn.saveAgents(actors.map((actor) => states.agents.get(actor)!))
      await turn.saveBaselines(states.baselines.values(), states.platform)
    })
  }
}

/** A time in the future would freeze everybody's minute, so a message is never newer than now. */
function seen({ message, id, key, time }: Arrival, now: number): Seen[] {
  const sent = Date.parse(time)
  const at = Number.isNaN(sent) ? now : Math.min(sent, now)
  return message.activities.map((activity, i) => ({
    activity: believed({ ...activity, activityId: activity.activityId || `${id}:${i}` }, key.split('.')[0] ?? ''),
    at,
  }))
}

async function unseenOf(turn: Turn, arrived: readonly Seen[]): Promise<Seen[]> {
  const byId = new Map(arrived.map((one) => [entryOf(one).id, one]))
  const unseen = await turn.unseen([...byId.keys()])
  return [...byId].filter(([id]) => unseen.has(id)).map(([, one]) => one)
}

function entryOf({ activity, at }: Seen): AuditEntry {
  return entryOfActivity(activity, new Date(at).toISOString())
}

async function judge(turn: Turn, states: States, one: Seen, watch: Watch): Promise<AuditEntry[]> {
  const { activity, at } = one
  const state = stateOf(states, activity)
  const { profile } = state
  const baseline = states.baselines.get(baselineKey(activity)) ?? newBaseline(activity.service, activity.version)
  states.baselines.set(baselineKey(activity), baseline)
  const suspicions = observe({ profile, baseline, platform: states.platform }, activity, watch.manifest, at)
  const entries = [entryOf(one)]
  for (const suspicion of suspicions) entries.push(await raise(turn, state, one, suspicion, watch))
  if (suspicions.length > 0) entries.push(...(await climb(turn, states, state, one, watch)))
  return entries
}

function stateOf(states: States, { actor, service }: agent.Activity): AgentState {
  const known = states.agents.get(actor) ?? { profile: newProfile(actor, service), blocked: false }
  states.agents.set(actor, known)
  return known
}

async function raise(
  turn: Turn,
  { profile }: AgentState,
  { activity, at }: Seen,
  suspicion: Suspicion,
  watch: Watch,
): Promise<AuditEntry> {
  const { rule, score, explanation, observed, expected } = suspicion
  const finding: ueba.Finding = {
    findingId: `${profile.actor}:${activity.activityId}:${rule}`,
    at: new Date(at).toISOString(),
    actor: profile.actor,
    service: profile.service,
    rule,
    severity: rule === 'block-withheld' ? ueba.Severity.CRITICAL : severityOf(score),
    score,
    explanation,
    observed,
    expected,
  }
  profile.findings = withFinding(
    profile.findings,
    { findingId: finding.findingId, at, score },
    watch.settings.halfLifeMs,
  )
  await turn.raise(finding)
  return entryOfFinding(finding)
}

async function climb(turn: Turn, states: States, state: AgentState, one: Seen, watch: Watch): Promise<AuditEntry[]> {
  const { profile } = state
  const { settings } = watch
  const risk = riskOf(profile, one.at, settings.halfLifeMs)
  const peers = [...states.agents.values()].filter(
    (peer) => peer.profile.service === profile.service && peer.profile.lastSeen >= one.at - settings.liveMs,
  )
  const liveBlocked = peers.filter(({ blocked }) => blocked).length
  const consequence = consequenceOf(
    { actor: profile.actor, risk, blocked: state.blocked, live: peers.length, liveBlocked },
    settings,
  )
  switch (consequence.kind) {
    case 'observe':
      return []
    case 'block':
      state.blocked = true
      return [await block(turn, state, one.activity.activityId, consequence.reason, watch.now())]
    case 'withhold': {
      const suspicion = withheld(consequence.reason, risk, settings.blockAt)
      return isNews(profile, suspicion, one.at) ? [await raise(turn, state, one, suspicion, watch)] : []
    }
  }
}

/** For a person to see; it adds nothing to the risk that caused it. */
function withheld(explanation: string, observed: number, expected: number): Suspicion {
  return { rule: 'block-withheld', about: '', windowMs: 3_600_000, score: 0, explanation, observed, expected }
}

/**
 * Dated when it is decided and not when the activity was: agents obey the latest word on them, and a backlog worked off
 * after a release must not date a block before it.
 */
async function block(
  turn: Turn,
  { profile }: AgentState,
  activityId: string,
  reason: string,
  now: number,
): Promise<AuditEntry> {
  const decision = { actor: profile.actor, decidedBy: 'ueba', at: new Date(now).toISOString() }
  const id = `block:${profile.actor}:${activityId}`
  await turn.announceBlocked(
    { ...decision, reason, findingIds: profile.findings.map(({ findingId }) => findingId) },
    id,
  )
  return entryOfRemediation(id, 'block-agent', decision)
}
