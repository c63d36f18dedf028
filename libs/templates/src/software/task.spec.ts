import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Retryable } from '@pitcrew/errors'
import { estimateProgress, type TaskToRun, type WorkflowEvent } from '@pitcrew/workflow'
import { Harness, type Agents } from '@pitcrew/workflow/testing'
import { softwareTask, type SoftwareInput, type SoftwareResult } from './definition.ts'
import { failing, input, shop, workshop, type Workshop } from './spec-module.ts'
import { softwareTemplate } from './template.ts'

describe('F9 the software task', () => {
  let place: Workshop
  beforeEach(() => {
    place = workshop()
  })
  afterEach(() => place.remove())

  async function building(over: Partial<SoftwareInput> = {}, more: Agents = {}, id = 'w'): Promise<Harness> {
    const agents = { ...softwareTemplate({ workshops: place.root }).agents } as unknown as Agents
    const harness = await Harness.start([softwareTask], { ...agents, ...more })
    await harness.run(softwareTask, id, input(over))
    return harness
  }

  const result = async (harness: Harness, id = 'w'): Promise<SoftwareResult> => {
    const ending = await harness.ending(id)
    expect(ending).toMatchObject({ status: 'completed' })
    return ending.output as unknown as SoftwareResult
  }

  const done = (harness: Harness, type: WorkflowEvent['type'] = 'task-succeeded'): string[] =>
    harness.history('w').flatMap((event) => (event.type === type && 'path' in event ? [event.path] : []))

  test('F9 makes a module that works, and leaves nothing else behind', async () => {
    const before = place.tree()
    const made = await result(await building())
    expect(made).toMatchObject({
      published: { path: 'work/published/shop-floor/1.2.0', integrity: expect.stringMatching(/^sha512-/) },
      tests: { tests: 6, passed: 6 },
      by: { code: 'backend-engineer', tests: 'qa-engineer', release: 'release-engineer' },
      review: { approved: true },
      signOff: null,
    })
    const release = join(place.root, 'work/published/shop-floor/1.2.0')
    const fresh = Object.keys(place.tree()).filter((path) => !(path in before))
    expect(fresh.map((path) => path.replace('work/published/', ''))).toEqual([
      'shop-floor',
      'shop-floor/1.2.0',
      'shop-floor/1.2.0/release.json',
      'shop-floor/1.2.0/shop-floor-1.2.0.tgz',
    ])
    execFileSync('tar', ['-xzf', join(release, 'shop-floor-1.2.0.tgz'), '-C', place.root])
    const unpacked = (await import(join(place.root, 'package/dist/index.js'))) as { slugify: (text: string) => string }
    expect(unpacked.slugify('Über uns')).toBe('uber-uns')
    expect(readFileSync(join(place.root, 'package/README.md'), 'utf8')).toContain(
      'slugify("Crème brûlée!") // "creme-brulee"',
    )
    expect(JSON.parse(readFileSync(join(place.root, 'package/package.json'), 'utf8'))).toMatchObject({
      version: '1.2.0',
    })
  })

  test('F3 an example that fails undoes everything, newest first, and the directory is as it was', async () => {
    const before = place.tree()
    const harness = await building({ module: failing })
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'EXAMPLES_FAILED', node: 'run-tests', message: expect.stringContaining('total example 2') },
    })
    expect(place.tree()).toEqual(before)
    const undoable = done(harness).filter(
      (path) => /(?:reserve|branch|source|strip|tests|docs)$/.test(path) && !path.startsWith('~'),
    )
    const undone = harness.replayed('w')?.undone?.map(({ path }) => path)
    expect(undone).toEqual(undoable.toReversed())
    expect(undone?.slice(-3)).toEqual(['source', 'branch', 'reserve'])
  })

  test('F3 each place to fail leaves the directory as it was', async () => {
    const before = place.tree()
    const names = Object.keys(softwareTemplate({ workshops: place.root }).agents)
    const compensations = ['remove-files', 'delete-branch', 'release-environment', 'withdraw'].map(
      (name) => `software.${name}`,
    )
    for (const name of names.filter((one) => !compensations.includes(one))) {
      const broken = {
        [name]: () => {
          throw Object.assign(new Retryable('DOWN', 'out of order'))
        },
      }
      const harness = await building({}, broken)
      await harness.pass(3_600_000)
      expect([name, await harness.ending('w')]).toMatchObject([name, { status: 'failed', failure: { code: 'DOWN' } }])
      expect([name, place.tree()]).toEqual([name, before])
    }
  }, 60_000)

  test('F3 a step that was done and whose answer was lost is done again without harm', async () => {
    const { agents } = softwareTemplate({ workshops: place.root })
    const twice = Object.fromEntries(
      Object.entries(agents).map(([name, act]) => [
        name,
        async (asked: never, task: TaskToRun) => {
          await act(asked, task)
          return act(asked, task)
        },
      ]),
    ) as unknown as Agents
    const before = place.tree()
    await result(await building({}, twice))
    await building({ module: { ...failing, version: '2.0.0' } }, twice)
    const after = Object.keys(place.tree()).filter((path) => !(path in before))
    expect(after).toHaveLength(4)
  })

  test('F3 an undo that goes wrong is tried again until it is done', async () => {
    const before = place.tree()
    const { agents } = softwareTemplate({ workshops: place.root })
    let failures = 0
    const harness = await building(
      { module: failing },
      {
        'software.remove-files': (asked: never, task: TaskToRun) => {
          if (failures++ < 2) throw new Retryable('BUSY', 'a file is in use')
          return agents['software.remove-files']?.(asked, task) as never
        },
      },
    )
    expect(place.tree()).not.toEqual(before)
    await harness.pass(60_000)
    expect(place.tree()).toEqual(before)
    expect(harness.replayed('w')?.undone?.[0]).toMatchObject({ attempts: 3 })
  })

  test('F3 cancelled while it waits for a person, it leaves the directory as it was', async () => {
    const before = place.tree()
    const harness = await building({ maxComplexity: 2 })
    expect(harness.lastView('w')).toMatchObject({ phase: 'SIGNING_OFF', active: ['sign-off'] })
    expect(place.tree()).not.toEqual(before)
    await harness.submit('w', { type: 'cancelled', reason: 'not needed', by: 'ada' })
    await harness.settle()
    expect(await harness.ending('w')).toMatchObject({ status: 'cancelled' })
    expect(place.tree()).toEqual(before)
  })

  test.each([true, false])('F2 a person is asked when the review finds something, and says %p', async (approved) => {
    const before = place.tree()
    const harness = await building({ maxComplexity: 2 })
    await harness.decide('w', 'sign-off', approved, { by: 'ada' })
    const { published, review, signOff } = await result(harness)
    expect(review.findings).toMatchObject([{ rule: 'too-complex', function: 'total' }])
    expect(signOff).toMatchObject({ approved, by: 'ada' })
    if (approved) expect(published).toMatchObject({ path: 'work/published/shop-floor/1.2.0' })
    else expect([published, place.tree()]).toEqual([null, before])
  })

  test('F3 nobody signs off in time: refused and undone', async () => {
    const before = place.tree()
    const harness = await building({ maxComplexity: 2, reviewMs: 60_000 })
    await harness.pass(60_000)
    expect(await harness.ending('w')).toMatchObject({ status: 'completed', outcome: 'refused' })
    expect(place.tree()).toEqual(before)
  })

  test('F2 a dry run does all but the release and undoes it', async () => {
    const before = place.tree()
    const harness = await building({ dryRun: true, maxComplexity: 1 })
    expect(await harness.ending('w')).toMatchObject({
      status: 'completed',
      outcome: 'dry-run',
      output: { published: null, tests: { passed: 6 }, review: { approved: false } },
    })
    expect(done(harness)).not.toContain('publish')
    expect(place.tree()).toEqual(before)
  })

  test('F2 the module, its tests and its documents are made side by side', async () => {
    const started: string[] = []
    const { agents } = softwareTemplate({ workshops: place.root })
    const watch = (name: string) => ({
      [name]: (asked: never, task: { path: string }) => (
        started.push(task.path),
        agents[name]?.(asked, task as never) as never
      ),
    })
    const names = ['strip-types', 'measure', 'write-tests', 'write-docs'].map((name) => `software.${name}`)
    await building({}, Object.assign({}, ...names.map(watch)) as Agents)
    expect(started).toEqual([
      'build[1].code/strip',
      'build[1].tests/tests',
      'build[1].docs/docs',
      'build[1].code/measure',
    ])
  })

  test('F3 goes back to a checkpoint: what came after it is taken away and made anew', async () => {
    const harness = await building({ maxComplexity: 2 })
    const branch = Object.keys(place.tree()).find((path) => /\.branch-\w+$/.test(path)) as string
    writeFileSync(join(place.root, branch, 'dist/index.js'), 'somebody has touched this')
    await harness.submit('w', { type: 'reset', to: 'designed', reason: 'a file was touched', by: 'ada' })
    await harness.settle()
    const undone = harness.state('w')?.undone?.map(({ path }) => path.replace(/.*\//, ''))
    expect(undone?.toSorted()).toEqual(['docs', 'source', 'strip', 'tests'])
    expect(undone?.at(-1)).toBe('source')
    expect(readFileSync(join(place.root, branch, 'dist/index.js'), 'utf8')).toContain('function slugify')
    await harness.decide('w', 'sign-off', true)
    expect((await result(harness)).published).not.toBeNull()
    expect(done(harness).filter((path) => path === 'reserve')).toHaveLength(1)
    expect(done(harness).filter((path) => path === 'run-tests')).toHaveLength(2)
  })

  test('F3 a version that is taken fails it, undone; when that is out of the way it goes on from there', async () => {
    const taken = join(place.root, 'work/published/shop-floor/1.2.0')
    mkdirSync(taken, { recursive: true })
    const before = place.tree()
    const harness = await building()
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'VERSION_TAKEN', node: 'publish' },
    })
    expect(place.tree()).toEqual(before)
    renameSync(taken, join(place.root, 'elsewhere'))
    await harness.submit('w', { type: 'retried', by: 'ada' })
    await harness.settle()
    expect((await result(harness)).published).toMatchObject({ path: 'work/published/shop-floor/1.2.0' })
  })

  test('C1 two tasks in one directory: the second waits until the first has ended', async () => {
    const harness = await building({ maxComplexity: 2 })
    await harness.run(softwareTask, 'second', input({ module: { ...shop, version: '1.3.0' } }))
    expect(harness.lastView('second')).toMatchObject({ phase: 'RETRY' })
    await harness.decide('w', 'sign-off', true)
    await harness.pass(10_000)
    expect((await result(harness, 'second')).published?.path).toBe('work/published/shop-floor/1.3.0')
    expect(Object.keys(place.tree()).filter((path) => path.includes('/.'))).toEqual([])
  })

  test('F3 says how far it is', async () => {
    const harness = await building({ maxComplexity: 2 })
    const state = harness.state('w')
    const { percent } = estimateProgress(harness.partition.program(state as never), state as never, {}, 0)
    expect(percent).toBeGreaterThan(40)
    expect(percent).toBeLessThan(100)
  })
})
