import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { evaluateWorkflow } from './evaluate.ts'
import { expectations } from './expectation.ts'
import { gradeOf, weights } from './grade.ts'
import { metricNames, metrics } from './metric.ts'
import { history } from './spec-history.ts'

const ok = (agent = 'a', more = {}) => ({ agent, attempt: 1, ...more })

/** Two tasks side by side from 0, one after them that fails once, then a wait for a person. */
const worked = history(
  [
    [0, 'started', '', { activated: ['left', 'right'] }],
    [100, 'task-succeeded', 'left', ok('a', { durationMs: 80 })],
    [200, 'task-succeeded', 'right', ok('b', { durationMs: 190, confidence: 0.4, activated: ['both'] })],
    [300, 'task-failed', 'both', { agent: 'a', attempt: 1, failureCode: 'DEALER_BUSY' }],
    [2_300, 'timer-fired', 'both'],
    [2_400, 'task-succeeded', 'both', { agent: 'c', attempt: 2, activated: ['answer'] }],
    [3_000, 'paused'],
    [3_500, 'resumed'],
    [4_000, 'signalled reply'],
  ],
  { deadlineAt: 8_000 },
)

describe('F8 the figures of a workflow', () => {
  test('F8 are at least twelve, each with a meaning', () => {
    expect(metricNames.length).toBeGreaterThanOrEqual(12)
    for (const name of metricNames) expect(metrics[name].meaning).not.toBe('')
  })

  test('F8 are measured from its transitions', () => {
    const { metrics: found } = evaluateWorkflow(worked)
    expect(found).toMatchObject({
      durationMs: 4_000,
      // 10..200, 200..300 and 2300..2400.
      workingMs: 390,
      waitingMs: 3_110,
      waitingShare: 1 - 390 / 3_500,
      longestTaskMs: 200,
      queueMs: 30,
      taskSeconds: 0.47,
      attempts: 4,
      retries: 1,
      errorRate: 0.25,
      firstPassYield: 2 / 3,
      undone: 0,
      interventions: 1,
      deadlineUse: 0.5,
      rounds: null,
      confidence: 0.4,
      confidenceGain: 0.4,
    })
    // After 2 of the 8 steps behind the start, 0.05 of the time is gone; after 3 of them 0.075.
    expect(found.regularity).toBeCloseTo(1 - (3 / 8 - 0.075))
  })

  test('F8 tell a task that no agent answered in time from a wait that came to its end', () => {
    const { metrics: found, tasks } = evaluateWorkflow(
      history([
        [0, 'started', '', { activated: ['slow'] }],
        [500, 'timer-fired', 'slow'],
        [700, 'timer-fired', 'slow'],
        [800, 'task-succeeded', 'slow', { ...ok(), attempt: 2, activated: ['reply'] }],
        [9_000, 'timer-fired', 'reply'],
      ]),
    )
    expect(tasks).toMatchObject([
      { path: 'slow', tries: [{ failureCode: 'OVERDUE' }, { failureCode: null, workMs: 100 }] },
    ])
    expect(found).toMatchObject({ attempts: 2, errorRate: 0.5, workingMs: 600 })
  })

  test('F8 count what was undone apart from what was done', () => {
    const { metrics: found, nodes } = evaluateWorkflow(
      history(
        [
          [0, 'started'],
          [10, 'task-succeeded', 'arrange[1]/hold', ok()],
          [20, 'cancelled'],
          [30, 'task-succeeded', '~arrange[1]/hold', ok()],
        ],
        { status: 'cancelled' },
      ),
    )
    expect(found).toMatchObject({ undone: 1, attempts: 2, firstPassYield: 1 })
    expect(nodes).toEqual({ hold: { runs: 2, total: 20, mean: 10, longest: 10 } })
  })

  test('F8 divide the confidence of a diagnosis by the passes that it took', () => {
    const { metrics: found } = evaluateWorkflow(
      history([
        [0, 'started'],
        [10, 'task-succeeded', 'diagnose[1]/rank', ok('a', { confidence: 0.3 })],
        [20, 'task-succeeded', 'diagnose[2]/rank', ok('a', { confidence: 0.5 })],
        [30, 'task-succeeded', 'diagnose[3]/rank', ok('a', { confidence: 0.75 })],
      ]),
    )
    expect(found).toMatchObject({ confidence: 0.75, confidenceGain: 0.25 })
  })

  test('F8 are null where there is nothing to measure', () => {
    const { metrics: found, score } = evaluateWorkflow(history([[0, 'started']]))
    expect(found).toMatchObject({
      errorRate: null,
      firstPassYield: null,
      regularity: null,
      deadlineUse: null,
      confidence: null,
    })
    expect(score).toBe(100)
  })
})

describe('F8 score and grade', () => {
  test('F8 weights are 100 together', () => {
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBe(100)
  })

  test.each([
    [100, 'EXCELLENT'],
    [90, 'EXCELLENT'],
    [89.99, 'GOOD'],
    [75, 'GOOD'],
    [74.99, 'FAIR'],
    [60, 'FAIR'],
    [59.99, 'POOR'],
    [0, 'POOR'],
  ] as const)('F8 grade of %d is %s', (score, grade) => expect(gradeOf(score)).toBe(grade))

  test('F8 what was lost and the score are 100 together, over the parts that can be judged', () => {
    const { score, parts, grade } = evaluateWorkflow(worked)
    // outcome 30, first-pass 15 at 2/3, errors 10 at 1/2, on-time 15, confidence 5 at 0.4, undoing 5, unattended 5 at 1/2.
    expect(parts.map(({ part }) => part)).toEqual([
      'outcome',
      'first-pass',
      'errors',
      'on-time',
      'confidence',
      'undoing',
      'unattended',
    ])
    expect(score).toBeCloseTo(100 - (100 / 85) * (5 + 5 + 3 + 2.5), 1)
    expect(grade).toBe('GOOD')
    expect(score + parts.reduce((sum, { lost }) => sum + lost, 0)).toBeCloseTo(100)
  })

  test('F8 a workflow that failed is POOR, one that was cancelled is at best FAIR', () => {
    expect(evaluateWorkflow(history([[0, 'started']], { status: 'failed' })).grade).toBe('POOR')
    expect(evaluateWorkflow(history([[0, 'started']], { status: 'cancelled' })).grade).toBe('FAIR')
    const neat = history(
      [
        [0, 'started'],
        [10, 'task-succeeded', 'well', ok('a', { confidence: 1 })],
      ],
      { deadlineAt: 100 },
    )
    expect(evaluateWorkflow({ ...neat, status: 'failed' }).score).toBe(59)
    expect(evaluateWorkflow({ ...neat, status: 'cancelled' }).score).toBe(74)
  })

  test('F8 each task has a score and a grade of its own', () => {
    const { tasks } = evaluateWorkflow(
      history(
        [
          [0, 'started'],
          [10, 'task-succeeded', 'well', ok()],
          [20, 'task-failed', 'badly', { agent: 'a', attempt: 1, failureCode: 'BAD_INPUT' }],
        ],
        { status: 'failed' },
      ),
    )
    expect(tasks).toMatchObject([
      { node: 'well', grade: 'EXCELLENT', score: 100 },
      { node: 'badly', grade: 'POOR', score: 0 },
    ])
  })

  test('F8 a vehicle case is on time when the vehicle is at the workshop before the failure is due', () => {
    const hour = 3_600_000
    const at = (hours: number, outcome: string) =>
      evaluateWorkflow(
        history(
          [
            [0, 'started'],
            [hours * hour, outcome === 'repaired' ? 'signalled visit-started' : 'signalled reply'],
            [200 * hour, 'signalled visit-completed'],
          ],
          { definition: 'vehicle-case', urgency: vehicle.Urgency.CRITICAL, outcome },
        ),
        null,
        expectations['vehicle-case'],
      )
    expect(at(12, 'repaired').metrics.deadlineUse).toBe(0.5)
    expect(at(36, 'repaired').metrics.deadlineUse).toBe(1.5)
    expect(at(36, 'repaired').recommendations).toMatchObject([
      { metric: 'deadlineUse', value: 1.5, usual: 1, text: expect.stringMatching(/1\.5 times the time allowed/) },
    ])
    // A vehicle that never came is late once its time is over, and no question of time before.
    expect(at(12, 'not-attended').metrics.deadlineUse).toBeCloseTo(200 / 24)
    expect(
      evaluateWorkflow(
        history(
          [
            [0, 'started'],
            [hour, 'signalled reply'],
          ],
          { urgency: vehicle.Urgency.CRITICAL, outcome: 'declined' },
        ),
        null,
        expectations['vehicle-case'],
      ).metrics.deadlineUse,
    ).toBeNull()
    expect(at(12, 'repaired').score).toBeGreaterThan(at(36, 'repaired').score)
    expect(at(12, 'declined').score).toBeLessThan(at(12, 'repaired').score)
  })
})

describe('F8 recommendations', () => {
  test('F8 name the metric, the figure and the node that they come from', () => {
    const { recommendations } = evaluateWorkflow(worked)
    expect(recommendations).toContainEqual({
      metric: 'errorRate',
      value: 0.5,
      usual: 0,
      subject: 'both',
      text: expect.stringMatching(/^both failed 1 of 2 attempts, mostly with DEALER_BUSY: look at what it depends on/),
    })
    // Errors cost 5.88 points, confidence 3.53, the person who stepped in 2.94.
    expect(recommendations.map(({ metric }) => metric)).toEqual(['errorRate', 'confidence', 'interventions'])
  })

  test('F8 point to the capability that tasks wait for', () => {
    const { recommendations } = evaluateWorkflow(
      history([
        [0, 'started', '', { activated: ['check'] }],
        [60_000, 'task-succeeded', 'check', ok('a', { durationMs: 2_000, capability: 'diagnosis.check' })],
      ]),
    )
    expect(recommendations).toMatchObject([{ metric: 'queueMs', value: 58_000, subject: 'diagnosis.check' }])
  })

  test('F8 are none for a workflow that went well', () => {
    expect(
      evaluateWorkflow(
        history([
          [0, 'started'],
          [10, 'task-succeeded', 'well', ok()],
        ]),
      ).recommendations,
    ).toEqual([])
  })
})
