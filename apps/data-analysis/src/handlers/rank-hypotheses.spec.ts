import { describe, expect, test } from '@jest/globals'
import { analysis, vehicle } from '@pitcrew/contracts'
import { newsOf } from '../domain/index.ts'
import { rankHypothesesTask } from './rank-hypotheses.ts'

const { IterationReason } = analysis
const names = ['signal-evidence', 'fault-codes', 'vehicle-history', 'fleet-peers', 'similar-failures']
const limits: analysis.IterationLimits = {
  confidence: 0.7,
  maxPasses: 3,
  budgetMs: 60_000,
  improvement: 0.02,
  patience: 1,
  maxErrorRate: 0.5,
}

/** What a node says: a ratio for the loss of coolant, or nothing. */
const says = (node: string, ratio?: number): analysis.DiagnoseResponse => ({
  node,
  supports: ratio === undefined ? [] : [{ failureMode: 'coolant-leak', likelihoodRatio: ratio, because: node }],
  summary: '',
})

/** As the case's loop does it: a node that is not asked, or fails, is there without supports. */
async function pass(
  before: analysis.RankHypothesesResponse | undefined,
  ratios: Record<string, number | undefined | 'failed'>,
  durationMs = 1_000,
): Promise<analysis.RankHypothesesResponse> {
  const run = before?.verdict?.strategy?.run
  const answered = Object.fromEntries(names.map((node) => [node, run?.[node] !== false && ratios[node] !== 'failed']))
  return rankHypothesesTask(
    analysis.RankHypothesesRequest.fromPartial({
      system: vehicle.VehicleSystem.COOLING,
      iteration: (before?.passes.length ?? 0) + 1,
      findings: names.map((node) => says(node, answered[node] ? (ratios[node] as number | undefined) : undefined)),
      answered,
      passes: before?.passes ?? [],
      known: before?.known ?? [],
      beganAtMs: 1_000,
      endedAtMs: 1_000 + durationMs,
      limits,
    }),
  )
}

const reasonOf = ({ verdict }: analysis.RankHypothesesResponse) => verdict?.reason
const runOf = ({ verdict }: analysis.RankHypothesesResponse) =>
  names.filter((node) => verdict?.strategy?.run[node] === true)

describe('C6 the verdict on a diagnosis', () => {
  test('C6 stops when it is sure enough', async () => {
    const all = Object.fromEntries(names.map((node) => [node, 20]))
    const ranked = await pass(undefined, all)
    expect(ranked.confidence).toBeGreaterThan(0.7)
    expect(ranked.verdict).toMatchObject({ stop: true, reason: IterationReason.QUALITY_REACHED })
    expect(runOf(ranked)).toEqual([])
  })

  test('C6 looks wider with every node after the first pass, then only with those that had news', async () => {
    const first = await pass(undefined, { 'signal-evidence': 1.5 })
    expect(first.verdict).toMatchObject({ stop: false, strategy: { window: 2 } })
    expect(runOf(first)).toEqual(names)
    const second = await pass(first, { 'signal-evidence': 1.5, 'vehicle-history': 1.8 })
    expect(second.verdict).toMatchObject({ stop: false, strategy: { window: 3 } })
    expect(runOf(second)).toEqual(['vehicle-history'])
    expect(second.verdict?.explanation).toMatch(/next: vehicle-history with window 3, without signal-evidence/)
    expect(second.passes).toHaveLength(2)
  })

  test('C6 a node that is not asked again keeps what it said', async () => {
    const first = await pass(undefined, { 'signal-evidence': 1.5 })
    const second = await pass(first, { 'signal-evidence': 1.5, 'vehicle-history': 1.8 })
    const third = await pass(second, { 'vehicle-history': 2.2 })
    expect(third.known.map(({ node, supports }) => [node, supports[0]?.likelihoodRatio])).toEqual([
      ['signal-evidence', 1.5],
      ['fault-codes', undefined],
      ['vehicle-history', 2.2],
      ['fleet-peers', undefined],
      ['similar-failures', undefined],
    ])
    expect(third.confidence).toBeGreaterThan(second.confidence)
    expect(third.verdict).toMatchObject({ stop: true, reason: IterationReason.ITERATION_LIMIT })
    expect(third.passes.map(({ nodes }) => nodes.length)).toEqual([5, 5, 1])
  })

  test('C6 stops when a pass gains nothing, or another one would not fit into the time', async () => {
    const first = await pass(undefined, { 'signal-evidence': 1.5 })
    expect(reasonOf(await pass(first, { 'signal-evidence': 1.5 }))).toBe(IterationReason.NO_IMPROVEMENT)
    expect(reasonOf(await pass(undefined, { 'signal-evidence': 1.5 }, 31_000))).toBe(IterationReason.TIME_BUDGET)
  })

  test('C6 asks a node that failed again, and stops when most of them fail', async () => {
    const first = await pass(undefined, { 'signal-evidence': 1.5, 'fault-codes': 'failed' })
    expect(first.verdict?.strategy?.retries).toEqual([{ node: 'fault-codes', failures: 1, afterMs: 2_000 }])
    const again = await pass(first, { 'signal-evidence': 1.5, 'fault-codes': 5 })
    expect(again.confidence).toBeGreaterThan(first.confidence)
    const failed = Object.fromEntries(names.map((node) => [node, 'failed' as const]))
    const none = await pass(undefined, { ...failed, 'fleet-peers': 1.5 })
    expect(none.verdict).toMatchObject({ stop: true, reason: IterationReason.ERROR_RATE, metrics: { errorRate: 0.8 } })
  })

  test('C6 the verdict survives the wire', async () => {
    const second = await pass(await pass(undefined, { 'signal-evidence': 1.5 }), { 'vehicle-history': 1.8 })
    const wire = JSON.parse(JSON.stringify(second)) as unknown
    expect(analysis.RankHypothesesResponse.fromJSON(wire)).toEqual(second)
  })

  test('C6 a case that says nothing of limits or answers gets the usual ones', async () => {
    const request = analysis.RankHypothesesRequest.fromPartial({
      system: vehicle.VehicleSystem.COOLING,
      findings: names.map((node) => says(node, 20)),
    })
    expect((await rankHypothesesTask(request)).verdict).toMatchObject({ stop: true, metrics: { errorRate: 0 } })
  })
})

test('C6 news is how far an answer differs from the one before', () => {
  const answer = (ratio?: number) => ({ ...says('fault-codes', ratio), node: 'fault-codes' as const, candidates: [] })
  expect(newsOf(answer(), undefined)).toBe(0)
  expect(newsOf(answer(25), undefined)).toBeCloseTo(1)
  expect(newsOf(answer(1 / 25), answer(25))).toBe(1)
  expect(newsOf(answer(5), answer(5))).toBe(0)
  expect(newsOf(answer(), answer(5))).toBeCloseTo(0.5)
})
