import { expect, test } from '@jest/globals'
import type { AgentStanding } from '@pitcrew/workflow'
import { selectAgents } from './agent-selection.ts'

const now = 1_000_000
const agent = (id: string, more: Partial<AgentStanding>): AgentStanding => ({
  id,
  capabilities: ['diagnosis.fault-codes'],
  expertise: [],
  version: '1.0.0',
  running: 0,
  slots: 10,
  blocked: false,
  heardAt: now,
  record: { succeeded: 50, failed: 0 },
  ...more,
})
const task = { capability: 'diagnosis.fault-codes', expertise: ['diagnosis', 'fault-codes'] }

test('F1 the agent with the expertise gets the task, and it is said why', async () => {
  const all = [agent('novice', {}), agent('expert', { expertise: ['diagnosis', 'fault-codes'], running: 3 })]
  const { agent: chosen, because } = await selectAgents(
    () => all,
    () => now,
  ).choose(task)
  expect(chosen).toBe('expert')
  expect(because).toMatch(/above novice, most of all by expertise/)
})

test('F1 nobody gets a task that nobody can do now, and it is said why', async () => {
  const all = [agent('silent', { heardAt: now - 60_000 }), agent('blocked', { blocked: true })]
  const { agent: chosen, because } = await selectAgents(
    async () => all,
    () => now,
  ).choose(task)
  expect(chosen).toBeNull()
  expect(because).toMatch(/none of 2 is possible: .*blocked.*last heard/)
})
