import { describe, expect, test } from '@jest/globals'
import { checkDraft } from './draft.ts'
import { planOf } from './plan-graph.ts'
import { fromGoal, fromTask, literal } from './rule-planner.ts'
import { diagnosisGoal, draftWith, goodDraft, task } from './spec-goal.ts'
import { vehicleCatalogue } from './vehicle-catalogue.ts'

const reserved = new Set(['carry-out'])
const check = (draft: unknown) => checkDraft(draft, diagnosisGoal, vehicleCatalogue, reserved)
const plan = (draft: unknown) => planOf(check(draft), vehicleCatalogue, reserved, { madeBy: 'model', notes: [] })
const codes = task('codes', 'diagnosis.fault-codes')
const binding = (...more: ReturnType<typeof fromGoal>[]) => draftWith({ ...codes, inputs: [...codes.inputs, ...more] })

describe('F1 a draft', () => {
  test('F1 that is sound becomes a graph with the limits of the catalogue', () => {
    const { graph, result, stages } = plan(goodDraft)
    expect(stages).toEqual([['codes'], ['ranked']])
    expect(result).toEqual({ codes: { $ref: ['codes'] }, ranked: { $ref: ['ranked'] } })
    expect(graph.nodes[0]).toMatchObject({ timeoutMs: 30_000, priority: 3, retry: { attempts: 4 } })
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', null, /the plan: /],
    ['a text', 'do it', /the plan: /],
    ['no tasks', { summary: 'x', tasks: [] }, /tasks: /],
    [
      'too many tasks',
      draftWith(...Array.from({ length: 41 }, (_, i) => task(`t${i}`, 'diagnosis.fault-codes'))),
      /tasks: /,
    ],
    ['a field that is not asked for', { ...goodDraft, shell: 'rm' }, /shell/],
    ['an unknown capability', draftWith(task('x', 'shell.run')), /no capability "shell.run"/],
    ['a capability that is not for plans', draftWith(task('x', 'scheduling.confirm-booking')), /no capability/],
    ['an id that is in use', draftWith(task('carry-out', 'diagnosis.fault-codes')), /this id is in use/],
    ['a field that the capability does not take', binding(literal('sudo', true)), /takes no "sudo", only alertId/],
    ['a field that reaches into objects', binding(literal('__proto__.x', 1)), /is no field/],
    ['a number for a text', binding(literal('iteration', 'one')), /"iteration" wants a number and gets a text/],
    [
      'an input that the goal does not have',
      binding(fromGoal('iteration', 'secret')),
      /no input "secret"; it has alertId/,
    ],
    [
      'the result of a task that is not there',
      binding(fromTask('iteration', 'ghost', 'n')),
      /"ghost", which is not in the plan/,
    ],
    ['an output that is not given', binding(fromTask('iteration', 'codes', 'colour')), /gives no "colour", only node/],
    ['a field given twice', binding(fromGoal('system')), /"system" is given twice/],
    ['a field given whole and in parts', binding(fromGoal('system.code', 'system')), /given twice/],
    ['too little input', draftWith(task('x', 'diagnosis.rank-hypotheses')), /its input lacks findings/],
  ])('F1 with %s is refused', (_, draft, message) => {
    let failure: { code?: string; message?: string } = {}
    try {
      check(draft)
    } catch (error) {
      failure = error as typeof failure
    }
    expect(failure).toMatchObject({ code: 'BAD_PLAN', message: expect.stringMatching(message) })
  })

  test('F1 has all that is wrong with it named at once, up to eight', () => {
    const wrong = Array.from({ length: 10 }, (_, i) => task(`t${i}`, `no.such-${i}`))
    expect(() => check(draftWith(...wrong))).toThrow(/"no\.such-0".*"no\.such-7".*and 2 more/)
  })

  test.each<[string, ReturnType<typeof task>[], RegExp]>([
    [
      'a cycle',
      [task('a', 'diagnosis.fault-codes', ['b']), task('b', 'diagnosis.fault-codes', ['a'])],
      /a → b → a|b → a → b/,
    ],
    ['a task after one that is not there', [task('a', 'diagnosis.fault-codes', ['ghost'])], /"a" runs after "ghost"/],
    ['two tasks of one name', [codes, codes], /two nodes are called "codes"/],
    ['a name that no path could hold', [task('a/b', 'diagnosis.fault-codes')], /"a\/b": expected/],
    [
      'a result that is read before it is there',
      [
        { ...codes, inputs: [...codes.inputs, fromTask('iteration', 'ranked', 'confidence')] },
        { ...(goodDraft.tasks[1] as typeof codes), after: [] },
      ],
      /which cannot have ended by then/,
    ],
  ])('F1 with %s is no graph', (_, tasks, message) => {
    expect(() => plan(draftWith(...tasks))).toThrow(message)
  })

  test('F1 cannot bring in expressions: what looks like one stays a text', () => {
    const { graph } = plan(binding(literal('iteration', 1)))
    expect(JSON.stringify(graph.nodes[0])).not.toContain('$op')
    const sneaky = {
      ...codes,
      inputs: [...codes.inputs, { ...literal('iteration', 1), value: { $input: [] } as never }],
    }
    expect(() => check(draftWith(sneaky))).toThrow(/value/)
  })
})
