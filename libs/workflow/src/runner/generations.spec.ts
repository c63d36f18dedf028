import { expect, test } from '@jest/globals'
import { Generations } from './generations.ts'

test('generations hold the latest entries, and never more than twice as many', () => {
  const latest = new Generations<number>(100)
  for (let n = 0; n < 1_050; n++) {
    latest.set(`id-${n}`, n)
    for (let back = 0; back < Math.min(100, n + 1); back++) expect(latest.get(`id-${n - back}`)).toBe(n - back)
    expect(latest.size).toBeLessThanOrEqual(200)
  }
  expect(latest.has('id-899')).toBe(false)
  expect([...latest].map(([, value]) => value)).toEqual(Array.from({ length: 150 }, (_, n) => 900 + n))
})

test('generations keep the newer of two values', () => {
  const latest = new Generations<number>(2, [
    ['a', 1],
    ['b', 1],
  ])
  latest.set('a', 2)
  expect(latest.get('a')).toBe(2)
  expect(latest.size).toBe(2)
})
