import { expect, test } from '@jest/globals'
import { seeded } from './seeded.ts'
import { fitWeibull, meanRemaining, remainingQuantile } from './weibull.ts'

const shape = 2.5
const scale = 180

/** Lives drawn from a Weibull, each cut off at a random end of observation. */
function drawn(seed: number, count: number, lastEnd: number): { durations: number[]; censored: boolean[] } {
  const random = seeded(seed)
  const lives = Array.from({ length: count }, () => scale * (-Math.log(1 - random())) ** (1 / shape))
  const ends = lives.map(() => lastEnd * random())
  return {
    durations: lives.map((life, index) => Math.min(life, ends[index]!)),
    censored: lives.map((life, index) => life > ends[index]!),
  }
}

test('N3 a Weibull fit finds the life that was drawn from although half of the units still run', () => {
  const { durations, censored } = drawn(1, 2000, 320)
  expect(censored.filter(Boolean).length).toBeGreaterThan(800)
  const fit = fitWeibull(durations, censored)
  expect(Math.abs(fit.shape - shape)).toBeLessThan(3 * fit.shapeError)
  expect(Math.abs(fit.scale - scale)).toBeLessThan(3 * fit.scaleError)
  expect(fit.shapeError).toBeLessThan(0.1)
  expect(fitWeibull(durations).scale).toBeLessThan(0.8 * scale)
})

test('N3 the standard errors of a Weibull fit are the spread of fits to new draws', () => {
  const fits = Array.from({ length: 300 }, (_, seed) => {
    const { durations, censored } = drawn(seed + 10, 60, 400)
    return fitWeibull(durations, censored)
  })
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = (values: number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))
  expect(mean(fits.map((fit) => fit.shapeError)) / spread(fits.map((fit) => fit.shape))).toBeCloseTo(1, 0.7)
  expect(mean(fits.map((fit) => fit.scaleError)) / spread(fits.map((fit) => fit.scale))).toBeCloseTo(1, 0.7)
})

test('N3 what remains at an age follows conditional survival', () => {
  const weibull = { shape, scale, shapeError: 0, scaleError: 0 }
  const survival = (age: number): number => Math.exp(-((age / scale) ** shape))
  const left = remainingQuantile(weibull, 150, 0.3)
  expect(survival(150 + left) / survival(150)).toBeCloseTo(0.7, 9)
  expect(remainingQuantile(weibull, 0, 0.5)).toBeCloseTo(scale * Math.log(2) ** (1 / shape), 9)
  // With shape 1 nothing ages: the mean of what remains is the scale at any age.
  expect(meanRemaining({ ...weibull, shape: 1 }, 500, 40 * scale)).toBeCloseTo(scale, -0.5)
  const brittle = { ...weibull, shape: 200 }
  expect(remainingQuantile(brittle, 1e9, 0.95)).toBe(0)
  expect(meanRemaining(brittle, 1e9, 60)).toBeLessThan(1)
  expect(meanRemaining(weibull, 400, 1000)).toBeLessThan(meanRemaining(weibull, 50, 1000))
})

test('N3 no failures, or durations that are none, are refused', () => {
  const refused = expect.objectContaining({ code: 'LIFE_HISTORY_INVALID' })
  expect(() => fitWeibull([5, 6], [true, true])).toThrow(refused)
  expect(() => fitWeibull([])).toThrow(refused)
  for (const wrong of [0, -1, NaN, Infinity]) expect(() => fitWeibull([5, wrong])).toThrow(refused)
})
