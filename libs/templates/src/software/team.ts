/** F1: who does what: each step goes to the specialist whose expertise fits best, with the load that the steps before gave. */
import { Terminal } from '@pitcrew/errors'
import { chooseAgent, type AgentStanding, type Decision } from '@pitcrew/workflow'
import type { Specialist } from './spec.ts'

/** What is asked for, step by step, and what it is good to know for it. */
export const roles = {
  code: { capability: 'write-code', expertise: ['typescript'] },
  build: { capability: 'build', expertise: ['typescript', 'tooling'] },
  tests: { capability: 'write-tests', expertise: ['testing'] },
  docs: { capability: 'write-docs', expertise: ['technical-writing'] },
  review: { capability: 'review', expertise: ['code-review', 'security'] },
  release: { capability: 'release', expertise: ['packaging'] },
} as const
export type Role = keyof typeof roles

const free = { slots: 4, running: 0, record: { succeeded: 0, failed: 0 } }

export const usualTeam: readonly Specialist[] = [
  {
    id: 'backend-engineer',
    capabilities: ['write-code', 'write-tests'],
    expertise: ['typescript', 'error-handling'],
    ...free,
  },
  { id: 'data-engineer', capabilities: ['write-code'], expertise: ['typescript', 'data-modelling'], ...free },
  { id: 'build-engineer', capabilities: ['build', 'release'], expertise: ['tooling', 'typescript'], ...free },
  { id: 'qa-engineer', capabilities: ['write-tests', 'review'], expertise: ['testing'], ...free },
  { id: 'security-auditor', capabilities: ['review'], expertise: ['security', 'code-review'], ...free },
  { id: 'code-reviewer', capabilities: ['review', 'write-docs'], expertise: ['code-review'], ...free },
  { id: 'technical-writer', capabilities: ['write-docs'], expertise: ['technical-writing'], ...free },
  { id: 'release-engineer', capabilities: ['release'], expertise: ['packaging', 'tooling'], ...free },
]

export interface Assignment {
  /** Who does what. */
  by: Record<Role, string>
  decisions: Decision[]
}

export interface ToAssign {
  team: readonly Specialist[]
  /** Of the module; counts for its code. */
  expertise: readonly string[]
  now: number
}

/** @throws Terminal NO_SPECIALIST */
export function assign({ team, expertise, now }: ToAssign): Assignment {
  const standings: AgentStanding[] = team.map((one) => ({ ...one, version: '1.0.0', blocked: false, heardAt: now }))
  const decisions: Decision[] = []
  const chosen = Object.entries(roles).map(([role, wanted]) => {
    const demand = { capability: wanted.capability, expertise: role === 'code' ? expertise : wanted.expertise }
    const decision = chooseAgent(demand, standings, now)
    const specialist = standings.find(({ id }) => id === decision.chosen)
    if (!specialist)
      throw new Terminal('NO_SPECIALIST', `nobody in the team can ${wanted.capability}: ${decision.because}`, {
        hint: 'add a specialist with that capability and a free slot to the team',
      })
    specialist.running++
    decisions.push(decision)
    return [role, specialist.id] as const
  })
  return { by: Object.fromEntries(chosen) as Record<Role, string>, decisions }
}
