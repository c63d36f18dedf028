import { expect, test } from '@jest/globals'
import { Slots } from './slots.ts'

test('slots run no more at once than there are, in the order in which they came, whether or not they fail', async () => {
  const slots = new Slots(2)
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  const runs = ends.map(({ promise }, n) =>
    slots.run(async () => {
      begun.push(n)
      await promise
      if (n === 1) throw new Error('one fails')
    }),
  )
  const failed = expect(runs[1]).rejects.toThrow('one fails')
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  expect(slots.load).toBe(5)
  ends[1]!.resolve()
  await failed
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2])
  for (const { resolve } of ends) resolve()
  await Promise.allSettled(runs)
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(slots.load).toBe(0)
})
