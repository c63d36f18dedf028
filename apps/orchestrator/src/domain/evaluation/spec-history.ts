/** For the specs: histories of a workflow of four tasks and a wait, drawn from a seeded generator. */
import type { TransitionRecord, WorkflowHistory } from './history.ts'

/** mulberry32: small, and good enough to draw from. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Standard normal (Box and Muller 1958). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export interface World {
  /** Factor on the time of every task. */
  slowness?: number
  /** Probability that an attempt fails. */
  failing?: number
  definition?: string
  version?: number
  agents?: readonly string[]
}

const nodes = ['collect', 'examine', 'rank', 'inform']
const begin = Date.UTC(2026, 10, 20)

export function drawHistory(id: string, random: () => number, world: World = {}): WorkflowHistory {
  const { slowness = 1, failing = 0.05, definition = 'drawn', version = 1, agents = ['a-1', 'a-2'] } = world
  const transitions: TransitionRecord[] = []
  const add = (at: number, event: string, node: string, more: Partial<TransitionRecord> = {}): void =>
    void transitions.push({ at, event, node, attempt: 0, agent: '', ...more })
  let at = begin
  add(at, 'started', '', { activated: ['collect'] })
  for (const [i, node] of nodes.entries()) {
    let attempt = 1
    for (;;) {
      const durationMs = Math.round(100 * slowness * Math.exp(0.2 * normal(random)))
      at += durationMs + Math.round(20 * random())
      const common = {
        attempt,
        durationMs,
        agent: agents[Math.floor(random() * agents.length)],
        capability: `c.${node}`,
      }
      if (random() >= failing) {
        const confidence = node === 'rank' ? { confidence: 0.8 } : {}
        const activated = nodes[i + 1] === undefined ? [] : [nodes[i + 1] as string]
        add(at, 'task-succeeded', node, { ...common, ...confidence, activated })
        break
      }
      add(at, 'task-failed', node, { ...common, failureCode: 'DEALER_UNAVAILABLE' })
      at += 2_000
      add(at, 'timer-fired', node)
      attempt++
    }
  }
  return { id, definition, version, startedAt: begin, endedAt: at, status: 'completed', outcome: '', transitions }
}

/** `[at, event, node, more]`, times from 0. */
export function history(
  steps: readonly [number, string, string?, Partial<TransitionRecord>?][],
  more: Partial<WorkflowHistory> = {},
): WorkflowHistory {
  const transitions = steps.map(([at, event, node = '', rest = {}]) => ({
    at,
    event,
    node,
    attempt: 0,
    agent: '',
    ...rest,
  }))
  const endedAt = transitions.at(-1)?.at ?? 0
  return {
    id: 'w',
    definition: 'd',
    version: 1,
    startedAt: 0,
    endedAt,
    status: 'completed',
    outcome: '',
    transitions,
    ...more,
  }
}
