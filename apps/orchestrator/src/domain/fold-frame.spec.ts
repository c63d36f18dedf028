import { describe, expect, test } from '@jest/globals'
import { workflow } from '@pitcrew/contracts'
import type { Entry } from '@pitcrew/workflow'
import { foldFrame } from './fold-frame.ts'
import type { WorkflowRow } from './workflow-row.ts'

const { COMPLETED, FAILED, RUNNING } = workflow.WorkflowStatus

type After = Partial<Entry['after']>

function entry(revision: number, event: Entry['event'], after: After = {}): Entry {
  return {
    id: 'w',
    revision,
    event,
    after: {
      definition: 'd',
      status: 'running',
      phase: 'RUNNING',
      attributes: { priority: 2, vehicleId: 'v' },
      progress: 0,
      startedAt: 100,
      active: [],
      ...after,
    },
  }
}

const started = entry(
  1,
  { type: 'started', at: 100, definition: 'd', version: 3, input: { a: 1 }, trace: '00-abc-def-01' },
  { active: ['first'] },
)
const succeeded = entry(
  2,
  { type: 'task-succeeded', at: 150, path: 'first', attempt: 2, output: { confidence: 0.7 }, agent: 'x.1' },
  { active: ['second'] },
)
const failure = { kind: 'terminal', code: 'DOWN', message: 'it is down', node: 'second' } as const
const failed = entry(
  3,
  { type: 'task-failed', at: 250, path: 'second', attempt: 1, failure, agent: 'x.1' },
  { status: 'failed', outcome: 'failed', failure, values: { $input: { a: 1 } } },
)
const told = entry(4, { type: 'parent-told', at: 300 }, { ...failed.after, active: [] })

const fold = (entries: Entry[], known: WorkflowRow[] = []) =>
  foldFrame(entries, new Map(known.map((row) => [row.workflowId, row])), () => undefined)

describe('a frame and the views', () => {
  test('L11 gives the workflow as it stands after it, and every transition', () => {
    const { rows, steps } = fold([started, succeeded])
    expect(rows).toMatchObject([
      {
        workflowId: 'w',
        definition: 'd',
        version: 3,
        status: RUNNING,
        revision: 2,
        priority: 2,
        vehicleId: 'v',
        retries: 1,
      },
    ])
    expect(steps.map(({ transition }) => transition)).toMatchObject([
      { number: 1, event: 'started', durationMs: null },
      { number: 2, event: 'task-succeeded', node: 'first', agent: 'x.1', durationMs: 50, confidence: 0.7 },
    ])
  })

  test('L11 the same frame again changes nothing, and an older one never replaces a newer (V1, V2)', () => {
    const { rows } = fold([started, succeeded, failed])
    const again = fold([started, succeeded], rows)
    expect(again.rows).toEqual([])
    expect(again.measured).toEqual([])
    expect(again.steps.map(({ fresh }) => fresh)).toEqual([false, false])
  })

  test('L11 what only the start tells is added when it comes after a later frame', () => {
    const { rows: early } = fold([succeeded])
    expect(early).toMatchObject([{ version: 0, revision: 2 }])
    expect(fold([started], early).rows).toMatchObject([{ version: 3, revision: 2, trace: '00-abc-def-01' }])
  })

  test('F3 durations are measured once, between neighbouring transitions (V3)', () => {
    const all = fold([started, succeeded, { ...failed, after: { ...failed.after, status: 'completed' } }])
    expect(all.measured).toEqual([
      { definition: 'd', version: 3, node: 'first', durationMs: 50, failed: false },
      { definition: 'd', version: 3, node: 'second', durationMs: 100, failed: false },
      { definition: 'd', version: 3, node: 'second', durationMs: 0, failed: true },
      { definition: 'd', version: 3, node: '', durationMs: 150, failed: false },
    ])
    const { rows } = fold([started])
    expect(fold([{ ...failed, revision: 3 }], rows).measured).toEqual([])
  })

  test('L8 a workflow fails once, and ends when it did, whatever happens to it later', () => {
    const { steps, rows } = fold([started, succeeded, failed, told])
    expect(steps.map((step) => step.failed)).toEqual([false, false, true, false])
    expect(rows).toMatchObject([{ status: FAILED, errors: 1, endedAt: new Date(250).toISOString(), revision: 4 }])
    const again = entry(5, { type: 'retried', at: 400, by: 'ann' }, { active: ['second'] })
    const [open] = fold([again], rows).rows
    expect(open).toMatchObject({ endedAt: null, status: RUNNING })
    const done = entry(6, { type: 'timer-fired', at: 500, path: 'second', due: 500 }, { status: 'completed' })
    expect(fold([done], [open as WorkflowRow]).rows).toMatchObject([
      { status: COMPLETED, endedAt: new Date(500).toISOString() },
    ])
  })
})
