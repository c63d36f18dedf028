import { expect, jest, test } from '@jest/globals'
import { stopStack } from './stop-stack.ts'

function logger() {
  const said: unknown[] = []
  const error = (message: string, fields?: object) => void said.push({ message, ...fields })
  const made = { debug() {}, info() {}, warn() {}, error, child: () => made }
  return { ...made, said }
}

test('steps run once, backwards, and one that fails does not keep the others', async () => {
  const order: string[] = []
  const inner = stopStack()
  const stack = stopStack()
  const log = logger()
  stack.push('first', async () => void order.push('first'))
  stack.push('broken', () => Promise.reject(new Error('odd')))
  inner.push('inner', async () => void order.push('inner'))
  stack.pushAll(inner)
  stack.push('last', async () => void order.push('last'))
  await stack.run(log)
  await stack.run(log)
  expect(order).toEqual(['last', 'inner', 'first'])
  expect(log.said).toMatchObject([{ message: 'could not be stopped in order', step: 'broken' }])
})

test('a step that never ends is left behind after ten seconds', async () => {
  jest.useFakeTimers()
  try {
    const order: string[] = []
    const log = logger()
    const stack = stopStack()
    stack.push('first', async () => void order.push('first'))
    stack.push('stuck', () => new Promise(() => {}))
    const run = stack.run(log)
    await jest.advanceTimersByTimeAsync(9_999)
    expect(order).toEqual([])
    await jest.advanceTimersByTimeAsync(1)
    await run
    expect(order).toEqual(['first'])
    expect(log.said).toMatchObject([{ step: 'stuck', error: { code: 'DEADLINE_EXCEEDED' } }])
  } finally {
    jest.useRealTimers()
  }
})
