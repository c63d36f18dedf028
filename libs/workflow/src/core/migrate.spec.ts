import { describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import type { RootFlow } from '../definition/define.ts'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { capability, Harness, type Agents } from '../testing/index.ts'
import { compile } from './compile.ts'
import { planMigration } from './migrate.ts'

const look = capability<{ at: string }, { seen: string }>('look')
const hold = capability<{ at: string }, { seen: string }>('hold')
const release = capability<{ at: string }, null>('release')

const version = (n: number, build: (flow: RootFlow) => void) => defineWorkflow('moving', n, plainLifecycle, build)
const at = (place: string) => ({ input: { at: place } })
const undo = (held: { seen: unknown }) => ({ capability: release, input: { at: held.seen } })

const first = version(1, (flow) => {
  flow.task('old-name', hold, { ...at('one'), undo } as never)
  flow.value('useless', 1)
  flow.loop<number>('rounds', {
    initial: 0,
    max: 3,
    run: (round, _, index) => {
      round.wait('answer', { signals: ['go'], timeoutMs: 60_000, reason: '' })
      return { next: index, until: true as never }
    },
  })
  flow.task('end-task', look, at('end'))
})
const second = version(2, (flow) => {
  flow.task('new-name', hold, { ...at('one'), undo } as never)
  flow.task('inserted', look, at('inserted'))
  flow.loop<number>('turns', {
    initial: 0,
    max: 3,
    run: (round, _, index) => {
      round.wait('reply', { signals: ['go'], timeoutMs: 60_000, reason: '' })
      return { next: index, until: true as never }
    },
  })
  flow.task('end-task', look, at('new end'))
})
const mapping = { 'old-name': 'new-name', useless: null, rounds: 'turns', answer: 'reply' }
const migrated = { type: 'migrated', to: 2, by: 'ada' } as const

function world(): { done: string[]; agents: Agents } {
  const done: string[] = []
  const act = ({ at: place }: { at: string }, { path }: { path: string }) => (
    done.push(`${path} ${place}`),
    { seen: place }
  )
  return { done, agents: { look: act, hold: act, release: act } }
}

async function waiting(): Promise<{ harness: Harness; done: string[] }> {
  const { done, agents } = world()
  const harness = await Harness.start([first, second], agents)
  await harness.run(first, 'w', {})
  return { harness, done }
}

describe('F3 a migration', () => {
  test('F3 says beforehand what becomes of each node', async () => {
    const { harness } = await waiting()
    const state = harness.state('w') as NonNullable<ReturnType<Harness['state']>>
    expect(planMigration(compile(first), compile(second), state, mapping)).toEqual([
      { path: 'old-name', to: 'new-name', what: 'moved' },
      { path: 'useless', to: null, what: 'forgotten' },
      { path: 'rounds', to: 'turns', what: 'moved' },
      { path: 'rounds[1]/answer', to: 'turns[1]/reply', what: 'moved' },
    ])
  })

  test('F3 goes on where it was in the other version: waits, timers and what can be undone move along', async () => {
    const { harness, done } = await waiting()
    await harness.submit('w', { ...migrated, mapping })
    await harness.settle()
    expect(harness.state('w')).toMatchObject({
      version: 2,
      undo: [{ path: 'new-name' }],
      nodes: { 'turns[1]/reply': { is: 'waiting' } },
    })
    expect(done).toEqual(['old-name one', 'inserted inserted'])
    await harness.restart()
    await harness.pass(60_000)
    expect(done.slice(2)).toEqual(['end-task new end'])
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
  })

  test('F3 undoes under the new names what was done under the old ones', async () => {
    const { harness, done } = await waiting()
    await harness.submit('w', { ...migrated, mapping })
    await harness.submit('w', { type: 'cancelled', reason: '', by: 'test' })
    await harness.settle()
    expect(done.at(-1)).toBe('~new-name one')
  })

  test('F3 is refused as a whole, with the nodes that have no counterpart', async () => {
    const { harness } = await waiting()
    const refused = async (event: object, message: RegExp): Promise<void> => {
      const failure = await harness.submit('w', { ...migrated, ...event } as never).catch((error: Terminal) => error)
      expect(failure).toMatchObject({
        code: expect.stringMatching(/MIGRATION_REFUSED|UNKNOWN_DEFINITION/),
        message: expect.stringMatching(message),
      })
    }
    await refused({ mapping: {} }, /for what is under way: rounds/)
    await refused({ mapping: { ...mapping, answer: null } }, /under way: rounds\[1\]\/answer/)
    await refused({ mapping: { ...mapping, answer: 'end-task' } }, /under way: rounds\[1\]\/answer/)
    await refused({ mapping: { lost: null } }, /version 1 has no node "lost"/)
    await refused({ mapping: { answer: 'lost' } }, /version 2 has no node "lost"/)
    await refused({ to: 3, mapping }, /no definition moving version 3/)
    expect(harness.state('w')?.version).toBe(1)
  })

  test('F3 of a task at an agent: kept where its path stays, else given up and run anew', async () => {
    const renaming = (n: number, id: string) => version(n, (flow) => flow.task(id, look, at('x')))
    for (const [id, attempts] of [
      ['task', [1]],
      ['other', [1, 2]],
    ] as const) {
      const { done, agents } = world()
      const harness = await Harness.start([renaming(1, 'task'), renaming(2, id)], agents)
      await harness.submit('w', { type: 'started', definition: 'moving', version: 1, input: {} })
      const seen = [...harness.tasks.tasks]
      await harness.submit('w', { ...migrated, mapping: { task: id } })
      await harness.submit('w', { ...migrated, mapping: { task: id } })
      seen.push(...harness.tasks.tasks.filter((task) => !seen.includes(task)))
      expect(seen.map(({ attempt }) => attempt)).toEqual(attempts)
      await harness.settle()
      expect(done).toEqual([`${id} x`])
      expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
    }
  })

  test('F3 of a failed workflow lets it be retried in the version that was put right', async () => {
    const { agents, done } = world()
    const broken = {
      ...agents,
      look: () => {
        throw new Terminal('WRONG', '')
      },
    } satisfies Agents
    const fixed = version(2, (flow) => {
      flow.task('old-name', hold, { ...at('one'), undo } as never)
      flow.task('end-task', hold, at('right'))
    })
    const wrong = version(1, (flow) => {
      flow.task('old-name', hold, { ...at('one'), undo } as never)
      flow.task('end-task', look, at('wrong'))
    })
    const harness = await Harness.start([wrong, fixed], broken)
    await harness.run(wrong, 'w', {})
    await harness.submit('w', { ...migrated, mapping: {} })
    await harness.submit('w', { type: 'retried', by: 'ada' })
    await harness.settle()
    expect(done).toEqual(['old-name one', '~old-name one', 'old-name one', 'end-task right'])
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
  })
})
