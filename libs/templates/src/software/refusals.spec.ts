import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { everyCrash, Harness, type Agents } from '@pitcrew/workflow/testing'
import { softwareTask } from './definition.ts'
import { input, withFunction, workshop, type Workshop } from './spec-module.ts'
import { softwareTemplate } from './template.ts'

describe('F9 a software task that cannot be done', () => {
  let place: Workshop
  beforeEach(() => {
    place = workshop()
  })
  afterEach(() => place.remove())

  test('F3 leaves the directory as it was, however often the process dies', async () => {
    const before = place.tree()
    const agents = softwareTemplate({ workshops: place.root }).agents as unknown as Agents
    const runs = await everyCrash(
      [softwareTask],
      () => agents,
      async (harness) => {
        await harness.run(softwareTask, 'w', input({ module: withFunction('total', { body: 'return (' }) }))
        expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code: 'BAD_SYNTAX' } })
        expect(place.tree()).toEqual(before)
      },
    )
    expect(runs).toBeGreaterThan(20)
  })

  test.each([
    ['a directory that is not there', { directory: 'nowhere' }, 'NO_DIRECTORY'],
    ['a directory elsewhere', { directory: '../..' }, 'PATH_OUTSIDE'],
    ['a file', { directory: 'work/notes.md' }, 'NO_DIRECTORY'],
    ['a spec that cannot be built', { module: withFunction('total', { returns: 'Missing' }) }, 'BAD_SPEC'],
    ['what is no TypeScript', { module: withFunction('total', { body: 'return (' }) }, 'BAD_SYNTAX'],
    ['a loop without end', { module: withFunction('total', { body: 'for (;;);' }), testMs: 500 }, 'TESTS_TIMED_OUT'],
    ['a team of one', { team: [] as never }, 'NO_SPECIALIST'],
  ])('C1 refuses %s and leaves everything as it was', async (_, over, code) => {
    const before = place.tree()
    const harness = await Harness.start(
      [softwareTask],
      softwareTemplate({ workshops: place.root }).agents as unknown as Agents,
    )
    await harness.run(softwareTask, 'w', { ...(input() as object), ...over } as never)
    await harness.pass(3_600_000)
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code } })
    expect(place.tree()).toEqual(before)
  })
})
