import { describe, expect, test } from '@jest/globals'
import { defineWorkflow, type UpdateName } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { add, attribute, ge, type Expr } from '../definition/reference.ts'
import { capability, Harness } from '../testing/index.ts'

const look = capability<{ at: string }, { seen: number }>('look')

const definition = defineWorkflow<{ place: string }>('steered', 1, plainLifecycle, (flow, input) => {
  const { seen } = flow.task('look', look, { input: { at: input.place } })
  flow.wait('answer', { signals: ['go'], timeoutMs: null, reason: 'go' })
  const raise: UpdateName<{ limit: number }, { limit: number }> = flow.update<{ limit: number }, { limit: number }>(
    'raise-limit',
    {
      when: (payload) => ge(payload.limit, 10),
      set: (payload) => ({ limit: payload.limit }),
      result: () => ({ limit: attribute<number>('limit') as Expr<number> }),
    },
  )
  flow.update<{ by: string }, number>('bad-sum', {
    set: () => ({}),
    // @ts-expect-error a text cannot be added
    result: (payload) => add(payload.by, 1),
  })
  flow.query('seen', { place: input.place, seen, limit: attribute('limit') })
  flow.value('name', raise)
  flow.update<{ limit: number }, null>('typed', {
    // @ts-expect-error there is no such field
    set: (payload) => ({ limit: payload.size }),
    result: () => null,
  })
})

async function running(): Promise<Harness> {
  const harness = await Harness.start([definition], { look: () => ({ seen: 3 }) })
  await harness.submit('w', { type: 'started', definition: 'steered', version: 1, input: { place: 'here' } })
  return harness
}

describe('F3 an update', () => {
  test('F3 changes attributes durably and is answered, the same again when it is sent again', async () => {
    const harness = await running()
    expect(await harness.update('w', 'raise-limit', { limit: 20 }, 'u1')).toEqual({ limit: 20 })
    expect(await harness.update('w', 'raise-limit', { limit: 30 }, 'u2')).toEqual({ limit: 30 })
    expect(await harness.update('w', 'raise-limit', { limit: 20 }, 'u1')).toEqual({ limit: 20 })
    await harness.restart()
    expect(harness.state('w')?.attributes).toEqual({ limit: 30 })
    expect(await harness.update('w', 'raise-limit', { limit: 99 }, 'u1')).toEqual({ limit: 20 })
  })

  test.each([
    ['raise-limit', { limit: 9 }, 'UPDATE_REFUSED'],
    ['raise-limit', { limit: 'many' }, 'UPDATE_REFUSED'],
    ['bad-sum', { by: 'x' }, 'UPDATE_REFUSED'],
    ['lower-limit', {}, 'UNKNOWN_UPDATE'],
    ['constructor', {}, 'UNKNOWN_UPDATE'],
  ])('F3 %s with %j is refused', async (name, payload, code) => {
    const harness = await running()
    await expect(harness.update('w', name, payload)).rejects.toMatchObject({ code })
    expect(harness.state('w')?.attributes).toEqual({})
    expect(harness.history('w')).toHaveLength(1)
  })

  test('F3 of what has ended is refused', async () => {
    const harness = await running()
    await harness.submit('w', { type: 'terminated', reason: '', by: 'test' })
    await expect(harness.update('w', 'raise-limit', { limit: 20 })).rejects.toMatchObject({ code: 'GONE' })
  })
})

describe('F3 a query', () => {
  test('F3 is answered from the state, with nothing where nothing is yet', async () => {
    const harness = await running()
    expect(harness.query('w', 'seen')).toEqual({ place: 'here', seen: null, limit: null })
    await harness.settle()
    await harness.update('w', 'raise-limit', { limit: 10 })
    expect(harness.query('w', 'seen')).toEqual({ place: 'here', seen: 3, limit: 10 })
    expect(() => harness.query('w', 'lost')).toThrow(/has no query "lost"/)
  })
})
