import { expect, test } from '@jest/globals'
import { levelOf, slopeOf, sumsPer, track } from './trackers.ts'

const scale = 12

/** Straight from the definition: discounted least squares over the whole past. */
function directly(values: readonly number[]): { level: number; slope: number } {
  const seen = values
    .map((value, index) => ({ value, age: values.length - 1 - index }))
    .filter(({ value }) => !Number.isNaN(value))
  const weight = ({ age }: { age: number }): number => Math.exp(-age / scale)
  const sum = (of: (one: { value: number; age: number }) => number): number =>
    seen.reduce((total, one) => total + weight(one) * of(one), 0)
  const count = sum(() => 1)
  const age = sum((one) => one.age) / count
  const level = sum((one) => one.value) / count
  const joint = sum((one) => (one.age - age) * (one.value - level))
  return { level, slope: -joint / (sum((one) => (one.age - age) ** 2) + 400) }
}

test('N3 running sums give the level and slope of the whole discounted past, gaps included', () => {
  const sums = new Array<number>(sumsPer).fill(0)
  const values: number[] = []
  for (let step = 0; step < 80; step++) {
    values.push(step % 5 === 2 ? NaN : 3 + 0.2 * step + Math.sin(step))
    track(sums, 0, [scale], values.at(-1)!)
    const { level, slope } = directly(values)
    expect(levelOf(sums, 0)).toBeCloseTo(level, 9)
    expect(slopeOf(sums, 0)).toBeCloseTo(slope, 9)
  }
})
