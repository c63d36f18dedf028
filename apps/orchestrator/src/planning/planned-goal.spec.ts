import { describe, expect, test } from '@jest/globals'
import { Harness, type Agents } from '@pitcrew/workflow/testing'
import { checkedInput, schemaOf } from '../templates/template.ts'
import { assign, type AgentSelection } from './assign.ts'
import { makePlan } from './make-plan.ts'
import { plannedGoal, planGoal } from './planned-goal.ts'
import { planned } from './planned.ts'
import { rulePlanner } from './rule-planner.ts'
import { diagnosisGoal } from './spec-goal.ts'
import { plannedGoalTemplate } from './template.ts'
import { vehicleCatalogue } from './vehicle-catalogue.ts'
import { vehicleRules } from './vehicle-rules.ts'

const hour = 3_600_000
const agents: AgentSelection = {
  choose: ({ capability }) =>
    capability === 'diagnosis.fleet-peers'
      ? { agent: null, because: 'nothing to choose from' }
      : { agent: 'data-analysis/one', because: 'it scores 0.9' },
}
const options = { catalogue: vehicleCatalogue, rules: rulePlanner(vehicleRules), agents }

function world(say: Agents = {}): { seen: Record<string, unknown>; agents: Agents } {
  const seen: Record<string, unknown> = {}
  const node = (name: string) => (input: never) => ((seen[name] = input), { node: name, supports: [], summary: '' })
  return {
    seen,
    agents: {
      [planGoal.name]: async ({ goal }: { goal: unknown }) => (await planned(goal, options)) as never,
      'analysis.collect-evidence': (input: never) => ((seen.evidence = input), { vehicle: { vehicleId: 'v' } }),
      'diagnosis.signal-evidence': node('signals'),
      'diagnosis.fault-codes': node('codes'),
      'diagnosis.vehicle-history': node('history'),
      'diagnosis.fleet-peers': node('peers'),
      'diagnosis.similar-failures': node('similar'),
      'diagnosis.rank-hypotheses': (input: never) => ((seen.rank = input), { hypotheses: [], confidence: 0.8 }),
      ...say,
    },
  }
}

async function begin({ agents: all }: { agents: Agents }, goal: object = diagnosisGoal) {
  const harness = await Harness.start([plannedGoal], all)
  await harness.run(plannedGoal, 'goal-1', { goal, approvalMs: hour } as never)
  return harness
}

const decide = async (harness: Harness, approved: boolean) => {
  const path = 'carry-out-approval'
  await harness.submit('goal-1', { type: 'decided', path, approved, by: 'kim', comment: '', decisionId: 'd1' })
  await harness.settle()
}

describe('F1 a planned goal', () => {
  test('F1 is planned, shown, approved and carried out', async () => {
    const { seen, agents: all } = world()
    const harness = await begin({ agents: all })
    const waiting = harness.state('goal-1')
    expect(waiting?.status).toBe('running')
    // Nothing of the plan runs before it was approved; whoever approves can see all of it.
    expect(seen).toEqual({})
    expect(waiting?.values.plan).toMatchObject({
      madeBy: 'rules',
      stages: [['evidence'], expect.any(Array), ['rank']],
      tasks: {
        evidence: { agent: 'data-analysis/one', because: 'it scores 0.9', rationale: expect.any(String) },
        'examine-peers': { agent: null },
      },
      notes: [expect.stringMatching(/nobody can do "examine-peers" \(diagnosis\.fleet-peers\)/)],
    })
    await decide(harness, true)
    const { alertId, vehicleId, system } = diagnosisGoal.inputs
    expect(seen.evidence).toEqual({ alertId, vehicleId, system })
    expect(seen.rank).toMatchObject({ findings: [{ node: 'signals' }, { node: 'codes' }, {}, {}, { node: 'similar' }] })
    expect(harness.lastView('goal-1')).toMatchObject({ status: 'completed' })
    expect(harness.troubles).toEqual([])
  })

  test('F1 ends as rejected when the plan is rejected, or when nobody decides', async () => {
    const { seen, agents: all } = world()
    const harness = await begin({ agents: all })
    await decide(harness, false)
    expect(harness.lastView('goal-1')).toMatchObject({ status: 'completed', outcome: 'rejected' })
    const left = await begin({ agents: all })
    await left.pass(hour)
    expect(left.lastView('goal-1')).toMatchObject({ status: 'completed', outcome: 'rejected' })
    expect(seen).toEqual({})
  })

  test('F1 that nobody can plan fails with what would help', async () => {
    const harness = await begin(world(), { ...diagnosisGoal, kind: '', text: 'Bake a cake.' })
    expect(harness.state('goal-1')).toMatchObject({
      status: 'failed',
      failure: { code: 'NO_PLAN', hint: expect.any(String) },
    })
  })

  test('F1 does not run a plan that was tampered with on its way', async () => {
    const { seen, agents: all } = world({
      [planGoal.name]: async ({ goal }: { goal: unknown }) => {
        const made = await planned(goal, options)
        made.graph.nodes[0] = { ...made.graph.nodes[0], capability: 'scheduling.cancel-booking' }
        return made as never
      },
    })
    const harness = await begin({ agents: all })
    await decide(harness, true)
    expect(harness.state('goal-1')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_GRAPH', message: expect.stringMatching(/may not ask for scheduling\.cancel-booking/) },
    })
    expect(seen).toEqual({})
  })
})

test('F1 each task of a plan gets the agent that its expertise calls for', async () => {
  const asked: object[] = []
  const choose: AgentSelection['choose'] = (task) => (
    asked.push(task),
    { agent: task.expertise[1] ?? null, because: 'it knows' }
  )
  const plan = await makePlan(diagnosisGoal, { ...options, reserved: new Set() })
  const { tasks } = await assign(plan, { choose })
  expect(tasks['examine-codes']).toMatchObject({ agent: 'fault-codes', because: 'it knows' })
  expect(asked).toHaveLength(7)
})

test('F1 a planned goal can be started as a template, with an input that is checked', () => {
  expect(checkedInput(plannedGoalTemplate, { goal: { text: 'Diagnose it.' } })).toEqual({
    goal: { kind: '', text: 'Diagnose it.', skills: [], inputs: {} },
    approvalMs: 86_400_000,
  })
  expect(() => checkedInput(plannedGoalTemplate, { goal: { text: '' } })).toThrow(/goal\.text/)
  expect(schemaOf(plannedGoalTemplate)).toMatchObject({ required: ['goal'] })
})
