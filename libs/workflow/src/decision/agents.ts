/**
 * C2, F1, M3: which agent gets a task: by how well its expertise fits, how loaded it is, its record of success and its
 * version. One that is blocked, silent, full or cannot do the task is out of the question.
 */
import { choose } from './choose.ts'
import type { Decision } from './decision.ts'
import type { Policy } from './policy.ts'
import { compareVersions } from './version.ts'
import { wilsonLowerBound } from './wilson.ts'

export interface AgentStanding {
  id: string
  capabilities: readonly string[]
  expertise: readonly string[]
  version: string
  running: number
  slots: number
  blocked: boolean
  /** Last heartbeat, Unix milliseconds. */
  heardAt: number
  /** Of this capability. */
  record: { succeeded: number; failed: number; meanMs?: number }
}

export interface TaskDemand {
  capability: string
  /** What it would be good to know for this task. */
  expertise: readonly string[]
  /** Least version of the agent; any if not set. */
  version?: string
  /** Agents that failed this very task before. */
  failedBefore?: readonly string[]
}

/** Three heartbeats of two seconds missed. */
export const silentAfterMs = 6_000
/**
 * Successes that every agent is credited with: a new one stands (0.51) between one that has done its first task well and one
 * that has failed it, so it gets work.
 */
const credit = 4

export const agentPolicy: Policy = {
  name: 'agent',
  factors: [
    { name: 'expertise', weight: 0.4, favours: 'high' },
    { name: 'load', weight: 0.25, favours: 'low' },
    { name: 'record', weight: 0.2, favours: 'high' },
    { name: 'failed-before', weight: 0.1, favours: 'low', otherwise: 0 },
    { name: 'version', weight: 0.05, favours: 'high' },
  ],
  threshold: 0,
}

export function chooseAgent(task: TaskDemand, agents: readonly AgentStanding[], now: number): Decision {
  const versions = agents.map(({ version }) => version).sort(compareVersions)
  const candidates = agents.map((agent) => {
    const { succeeded, failed } = agent.record
    const barred = barredBecause(task, agent, now)
    return {
      id: agent.id,
      action: task.capability,
      factors: {
        expertise: fit(task.expertise, agent.expertise),
        load: agent.slots > 0 ? agent.running / agent.slots : 1,
        record: wilsonLowerBound(succeeded + credit, succeeded + failed + credit),
        'failed-before': task.failedBefore?.includes(agent.id) ? 1 : 0,
        version: rank(versions, agent.version),
      },
      ...(barred && { barred }),
    }
  })
  return choose(agentPolicy, candidates, { state: 'ready', now })
}

function barredBecause(
  task: TaskDemand,
  agent: AgentStanding,
  now: number,
): { code: string; reason: string } | undefined {
  if (!agent.capabilities.includes(task.capability))
    return { code: 'INCAPABLE', reason: `does not offer ${task.capability}` }
  if (agent.blocked) return { code: 'BLOCKED', reason: 'is blocked until a person releases it' }
  if (now - agent.heardAt >= silentAfterMs)
    return { code: 'SILENT', reason: `was last heard ${now - agent.heardAt} ms ago` }
  if (task.version !== undefined && compareVersions(agent.version, task.version) < 0)
    return { code: 'OUTDATED', reason: `is version ${agent.version}, expected ${task.version} or later` }
  if (agent.running >= agent.slots) return { code: 'FULL', reason: `runs ${agent.running} of ${agent.slots} tasks` }
  return undefined
}

/** Share of what is wanted that the agent has; 1 when nothing special is wanted. */
function fit(wanted: readonly string[], has: readonly string[]): number {
  if (wanted.length === 0) return 1
  const known = new Set(has)
  return wanted.filter((tag) => known.has(tag)).length / wanted.length
}

/** 1 for the newest version among the agents, 0 for the oldest; 1 if all are the same. */
function rank(sorted: readonly string[], version: string): number {
  const distinct = sorted.filter((one, i) => i === 0 || compareVersions(one, sorted[i - 1] as string) !== 0)
  if (distinct.length <= 1) return 1
  return distinct.findIndex((one) => compareVersions(one, version) === 0) / (distinct.length - 1)
}
