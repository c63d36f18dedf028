import { describe, expect, test } from '@jest/globals'
import type { Catalogue, CatalogueEntry } from './catalogue.ts'
import { makePlan } from './make-plan.ts'
import { fromTask, rulePlanner, type Rule } from './rule-planner.ts'
import { diagnosisGoal } from './spec-goal.ts'
import { vehicleCatalogue } from './vehicle-catalogue.ts'
import { vehicleRules } from './vehicle-rules.ts'
import { wordsOf } from './words.ts'

const planning = { catalogue: vehicleCatalogue, rules: rulePlanner(vehicleRules), reserved: new Set<string>() }
const plan = (goal: object) => makePlan({ ...diagnosisGoal, kind: '', ...goal }, planning)

const examinations = ['examine-signals', 'examine-codes', 'examine-history', 'examine-peers', 'examine-similar']

describe('F1 goal decomposition by rules', () => {
  test('F1 a goal brings in what its steps need, side by side where they can be', async () => {
    const { stages, tasks, graph, madeBy, notes } = await plan({ kind: 'triage', text: '-' })
    expect(stages).toEqual([['evidence'], examinations, ['rank'], ['urgency']])
    expect(madeBy).toBe('rules')
    expect(notes).toEqual([])
    expect(tasks.urgency).toMatchObject({
      capability: 'analysis.assess-urgency',
      expertise: ['urgency', 'safety'],
      rationale: expect.stringMatching(/depends on what is wrong/),
      effect: '',
    })
    expect(graph.nodes.find(({ id }) => id === 'rank')).toMatchObject({
      kind: 'task',
      after: examinations,
      input: {
        vehicleId: { $input: ['goal', 'inputs', 'vehicleId'] },
        iteration: 1,
        findings: examinations.map((id) => ({ $ref: [id] })),
      },
    })
  })

  test.each(vehicleRules.flatMap(({ kinds = [] }) => kinds))(
    'F1 goals of kind %s give a plan that passes all checks',
    async (kind) => {
      expect((await plan({ kind, text: '-' })).stages.length).toBeGreaterThan(0)
    },
  )

  test('F1 words say what is wanted where the kind does not', async () => {
    expect((await plan({ text: 'Why does it overheat? Tell manufacturing.' })).stages).toEqual([
      ['evidence'],
      examinations,
      ['rank'],
      ['record-failure'],
    ])
  })

  test('F1 a skill that is asked for brings in who has it', async () => {
    const { tasks } = await plan({ text: '-', skills: ['scheduling'] })
    expect(tasks['hold-slot']).toMatchObject({
      capability: 'scheduling.hold-slot',
      effect: expect.stringMatching(/holds a place/),
    })
  })

  test('F1 the example of the guide: kind, words, skill and an exclusion together', async () => {
    const text = 'Find out why the coolant runs hot and hold a workshop slot, but do not write to the customer.'
    const { stages } = await plan({ kind: 'diagnosis', text, skills: ['safety'] })
    expect(stages).toEqual([['evidence'], examinations, ['rank'], ['urgency'], ['hold-slot']])
  })

  test('F1 a skill that nobody has is no plan', async () => {
    await expect(plan({ kind: 'diagnosis', skills: ['welding'] })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_PLAN',
      message: expect.stringMatching(/skill "welding"/),
    })
  })

  test('F1 what the goal excludes is not done', async () => {
    const { tasks } = await plan({ text: 'Diagnose it and hold a workshop slot, but do not write to the customer.' })
    expect(Object.keys(tasks)).toContain('hold-slot')
    expect(Object.keys(tasks)).not.toContain('propose')
    await expect(plan({ kind: 'appointment', text: 'Do not diagnose.' })).rejects.toMatchObject({
      code: 'NO_PLAN',
      message: expect.stringMatching(/excludes "rank"/),
    })
  })

  test('F1 a task that changes something outside is undone with the workflow, whoever planned it', async () => {
    const { graph } = await plan({ kind: 'appointment', text: '-' })
    expect(graph.nodes.find(({ id }) => id === 'hold-slot')).toMatchObject({
      undo: {
        capability: 'scheduling.release-hold',
        input: { bookingId: { $ref: ['hold-slot', 'booking', 'bookingId'] } },
      },
      input: { job: { skill: { $ref: ['rank', 'hypotheses', '0', 'skill'] } } },
    })
  })

  test('F1 a goal that no rule knows is refused, saying which are known', async () => {
    await expect(plan({ text: 'Bake a cake.' })).rejects.toMatchObject({
      code: 'NO_PLAN',
      hint: expect.stringMatching(/kinds of goals are evidence, diagnosis, triage/),
    })
  })

  test('F1 a goal without what its capabilities cannot do without is refused', async () => {
    await expect(plan({ kind: 'diagnosis', inputs: { vehicleId: 'v' } })).rejects.toMatchObject({
      code: 'BAD_PLAN',
      message: expect.stringMatching(/task "evidence": its input lacks alertId, system/),
    })
  })

  test.each([
    [{ text: '' }, /text/],
    [{ text: 'x'.repeat(5_000) }, /text/],
    [{ inputs: { 'a.b': 1 } }, /inputs\.a\.b/],
    [{ also: 1 }, /also/],
  ])('F1 a goal that is none is refused: %j', async (goal, message) => {
    await expect(plan(goal)).rejects.toMatchObject({ code: 'BAD_GOAL', message: expect.stringMatching(message) })
  })
})

describe('F1 rules for other work', () => {
  const specialist = (name: string, expertise: string[]): CatalogueEntry => ({
    capability: `team.${name}`,
    does: name,
    expertise,
    input: { notes: 'list' },
    output: { notes: 'any' },
    required: [],
    effect: '',
    timeoutMs: 1_000,
  })
  const team: Catalogue = [
    specialist('write', ['typescript']),
    specialist('serve', ['typescript', 'grpc']),
    specialist('check', ['testing', 'security']),
  ]
  const rule = (id: string, expertise: string[], needs: string[] = [], words: string[] = []): Rule => ({
    id,
    expertise,
    needs,
    words,
    inputs: needs.map((need, i) => fromTask(`notes.${i}`, need, 'notes')),
    rationale: id,
  })
  const rules = rulePlanner([
    rule('model', ['typescript']),
    rule('endpoint', ['typescript', 'grpc'], ['model'], ['service']),
    rule('review', ['security'], ['endpoint'], ['secure']),
  ])

  test('F1 choose the capability by its expertise', async () => {
    const goal = { text: 'a secure service' }
    const { tasks, stages } = await makePlan(goal, { catalogue: team, rules, reserved: new Set() })
    expect(stages).toEqual([['model'], ['endpoint'], ['review']])
    expect(Object.values(tasks).map(({ capability }) => capability)).toEqual(['team.write', 'team.serve', 'team.check'])
  })
})

test('F1 words: beginnings, clauses and what is excluded', () => {
  const words = wordsOf("Diagnose it, don't book; not yet a message to the driver. No survey")
  expect(words.mentions(['diagnos'])).toBe('mentioned')
  expect(words.mentions(['book'])).toBe('excluded')
  expect(words.mentions(['driver'])).toBe('excluded')
  expect(words.mentions(['survey'])).toBe('excluded')
  expect(words.mentions(['wash'])).toBe('absent')
})
