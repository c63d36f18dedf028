import { describe, expect, test } from '@jest/globals'
import { criticalPath, estimateProgress, parallelGroups, type Graph, type TaskToRun } from '@pitcrew/workflow'
import { everyCrash, Harness, type Agents } from '@pitcrew/workflow/testing'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { manuscriptReview, type ManuscriptInput, type ManuscriptReview } from './definition.ts'
import { longStory, story } from './spec-manuscript.ts'
import { manuscriptInput, manuscriptTemplate } from './template.ts'

const input = (over: Partial<ManuscriptInput> = {}): never =>
  manuscriptInput.parse({ title: 'The Lighthouse', text: story, ...over }) as never

const agents = manuscriptTemplate().agents as unknown as Agents

async function reviewing(over: Partial<ManuscriptInput> = {}, more: Agents = {}): Promise<Harness> {
  const harness = await Harness.start([manuscriptReview], { ...agents, ...more })
  await harness.run(manuscriptReview, 'm', input(over))
  return harness
}

const reviewed = async (harness: Harness): Promise<ManuscriptReview> => {
  const ending = await harness.ending('m')
  expect(ending).toMatchObject({ status: 'completed' })
  return ending.output as unknown as ManuscriptReview
}

const ranIn = ({ iterations }: ManuscriptReview) => iterations.map(({ nodes }) => nodes.map(({ node }) => node))

describe('F9 the manuscript review', () => {
  test('F9 reads a story with all six nodes and says what to do about it, most worthwhile first', async () => {
    const review = await reviewed(await reviewing({ qualityThreshold: 0.5 }))
    expect(review).toMatchObject({ title: 'The Lighthouse', accepted: true, editor: null, words: 330 })
    expect(Object.values(review.report.scores).every((score) => score !== null && score > 50)).toBe(true)
    const { recommendations, decision } = review.report
    const [first] = recommendations
    expect(first).toMatchObject({ rank: 1, node: 'consistency', kind: 'name-variant' })
    expect(story.slice(first?.places[0]?.offset).startsWith('Margret')).toBe(true)
    const weights = recommendations.map(({ weight }) => weight)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    expect(decision).toMatchObject({ policy: 'recommendation', chosen: 'name-variant' })
    expect(decision.candidates[0]?.contributions).toHaveLength(4)
  })

  test('C3 runs four nodes side by side and two behind the vocabulary', () => {
    const look = manuscriptReview.graph.nodes.find(({ id }) => id === 'look') as unknown as { graph: Graph }
    expect(parallelGroups(look.graph)).toEqual([
      ['begun'],
      ['structure', 'readability', 'style', 'vocabulary'],
      ['repetition', 'consistency'],
      ['judge'],
    ])
    const cost = ({ id }: { id: string }): number =>
      (({ vocabulary: 5, repetition: 9, structure: 12 }) as Record<string, number>)[id] ?? 1
    expect(criticalPath(look.graph, cost)).toMatchObject({ nodes: ['begun', 'vocabulary', 'repetition', 'judge'] })
  })

  test('C6 looks again, more widely and only with the nodes that may find more, until nothing new comes', async () => {
    const harness = await reviewing({ qualityThreshold: 1, maxIterations: 10 })
    await harness.decide('m', 'editor', true, { by: 'ada' })
    const review = await reviewed(harness)
    expect(review.iterations.map(({ window }) => window)).toEqual([1, 2, 3, 4, 4])
    const [first, second, ...further] = ranIn(review)
    expect([first?.length, second?.length]).toEqual([6, 6])
    for (const nodes of further) expect(nodes).not.toContain('structure')
    expect(further[0]).toContain('repetition')
    expect(['no-improvement', 'nothing-left']).toContain(review.verdict.reason)
    const certainties = review.iterations.map(({ quality }) => quality)
    expect(certainties).toEqual(certainties.toSorted((a, b) => a - b))
    const asked = harness.history('m').filter((event) => event.type === 'task-succeeded')
    expect(asked.filter(({ path }) => path.endsWith('/structure'))).toHaveLength(2)
  })

  test('C6 stops as soon as the review is sure enough, and after the iterations that were allowed', async () => {
    const sure = await reviewed(await reviewing({ qualityThreshold: 0.3 }))
    expect(sure.verdict).toMatchObject({ stop: true, reason: 'quality-reached' })
    expect(sure.iterations).toHaveLength(1)
    const limited = await reviewing({ qualityThreshold: 1, maxIterations: 2 })
    await limited.pass(3 * 86_400_000)
    expect((await reviewed(limited)).verdict.reason).toBe('iteration-limit')
  })

  test('C6 stops when another look would not fit into the time that is left', async () => {
    const style = agents['manuscript.style'] as Agents[string]
    const timed = await Harness.start([manuscriptReview], {
      ...agents,
      'manuscript.style': (look: never, task: TaskToRun) => {
        timed.clock.advance(40_000)
        return style(look, task)
      },
    })
    await timed.run(manuscriptReview, 'm', input({ qualityThreshold: 1, budgetMs: 60_000 }))
    await timed.decide('m', 'editor', false)
    const review = await reviewed(timed)
    expect(review).toMatchObject({ accepted: false, verdict: { reason: 'time-budget' } })
    expect(review.iterations.map(({ durationMs }) => durationMs)).toEqual([40_000])
  })

  test('C1 a node that fails is tried again in the next look, and the rest counts without it', async () => {
    let calls = 0
    const readability = agents['manuscript.readability'] as Agents[string]
    const harness = await reviewing(
      { qualityThreshold: 0.55 },
      {
        'manuscript.readability': (look: never, task: TaskToRun) => {
          if (++calls === 1) throw new Terminal('BROKEN', 'the first look goes wrong')
          return readability(look, task)
        },
      },
    )
    const review = await reviewed(harness)
    expect(review.iterations[0]?.nodes).toContainEqual({ node: 'readability', failed: true, news: 0 })
    expect(review.report.scores.readability).toBeGreaterThan(0)
    expect(calls).toBeGreaterThan(1)
  })

  test('C1 a review in which most nodes fail stops and goes to the editor', async () => {
    const broken = () => {
      throw new Terminal('BROKEN', 'out of order')
    }
    const names = ['structure', 'readability', 'style', 'vocabulary']
    const harness = await reviewing({}, Object.fromEntries(names.map((name) => [`manuscript.${name}`, broken])))
    expect(harness.lastView('m')).toMatchObject({ phase: 'WITH_EDITOR', active: ['editor'] })
    await harness.decide('m', 'editor', true)
    expect((await reviewed(harness)).verdict).toMatchObject({ reason: 'error-rate' })
  })

  test.each([
    ['accepts', true, true],
    ['returns', false, false],
  ])('F3 an editor %s what the numbers do not', async (_, approved, accepted) => {
    const harness = await reviewing({ acceptScore: 100, qualityThreshold: 0.3 })
    await harness.decide('m', 'editor', approved, { by: 'ada', comment: 'read it' })
    expect(await reviewed(harness)).toMatchObject({ accepted, editor: { by: 'ada', comment: 'read it' } })
  })

  test('F3 a manuscript that no editor looks at in time is returned', async () => {
    const harness = await reviewing({ acceptScore: 100, editorMs: 3_600_000 })
    await harness.pass(3_600_000)
    expect(await reviewed(harness)).toMatchObject({ accepted: false, editor: { timedOut: true } })
  })

  test('F3 shows how far it is', async () => {
    const harness = await reviewing({ acceptScore: 100 })
    const state = harness.state('m')
    if (!state) throw new Terminal('TEST', 'expected an open workflow')
    const { percent } = estimateProgress(harness.partition.program(state), state, {}, harness.clock.now())
    expect(percent).toBeGreaterThan(50)
  })

  test('C1 what is no manuscript fails with its code', async () => {
    const harness = await reviewing({ text: 'Too short.' })
    expect(await harness.ending('m')).toMatchObject({
      status: 'failed',
      failure: { code: 'TEXT_TOO_SHORT', node: 'segment' },
    })
    expect(manuscriptInput.safeParse({ title: 'x', text: 'x'.repeat(1_000_001) }).success).toBe(false)
    expect(manuscriptInput.safeParse({ title: 'x', text: '', qualityThreshold: 2 }).success).toBe(false)
    expect(manuscriptInput.safeParse({ title: 'x', text: story, file: 'story.md' }).success).toBe(false)
    expect(manuscriptInput.safeParse({ title: 'x' }).success).toBe(false)
  })

  test('C1 a megabyte is read from its file, widely and in seconds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pitcrew-manuscripts-'))
    writeFileSync(join(folder, 'long.md'), longStory(999_000))
    const reading = manuscriptTemplate({ manuscripts: folder }).agents as unknown as Agents
    const begun = performance.now()
    const harness = await reviewing({ text: null, file: 'long.md', qualityThreshold: 1, maxIterations: 2 }, reading)
    expect(performance.now() - begun).toBeLessThan(15_000)
    await harness.decide('m', 'editor', true)
    expect((await reviewed(harness)).words).toBeGreaterThan(150_000)
    rmSync(folder, { recursive: true })
  }, 30_000)

  test('C1 a file that changes during its review, or is none, is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pitcrew-manuscripts-'))
    const { agents: reading } = manuscriptTemplate({ manuscripts: folder })
    const act = (name: string, input: unknown): unknown => reading[`manuscript.${name}`]?.(input as never, {} as never)
    const file = { text: null, file: 'story.md' }
    writeFileSync(join(folder, 'story.md'), story)
    const segmentation = act('segment', file)
    const look = { ...file, segmentation, window: 1, widest: 4 }
    expect(act('structure', look)).toMatchObject({ score: 100 })
    writeFileSync(join(folder, 'story.md'), `${story} And so on.`)
    const code = (is: string) => expect.objectContaining({ code: is }) as never
    const refusal = (name: string, input: unknown, is: string) => expect(() => act(name, input)).toThrow(code(is))
    refusal('structure', look, 'TEXT_CHANGED')
    refusal('segment', { ...file, file: 'other.md' }, 'TEXT_MISSING')
    refusal('segment', { ...file, file: '../story.md' }, 'PATH_OUTSIDE')
    refusal('segment', { text: null, file: null }, 'TEXT_MISSING')
    writeFileSync(join(folder, 'story.md'), Uint8Array.of(0xff, 0xfe, 0x41))
    refusal('segment', file, 'TEXT_NOT_PROSE')
    expect(() => agents['manuscript.segment']?.(file as never, {} as never)).toThrow(code('NO_FOLDER'))
    rmSync(folder, { recursive: true })
  })

  test('F3 comes to the same review however often the process dies', async () => {
    const expected = (await reviewed(await reviewing({ qualityThreshold: 0.5 }))).report.recommendations
    const runs = await everyCrash(
      [manuscriptReview],
      () => agents,
      async (harness) => {
        await harness.run(manuscriptReview, 'm', input({ qualityThreshold: 0.5 }))
        expect((await reviewed(harness)).report.recommendations).toEqual(expected)
      },
    )
    expect(runs).toBeGreaterThan(20)
  })
})
