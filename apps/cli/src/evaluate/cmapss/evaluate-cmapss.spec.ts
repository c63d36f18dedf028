import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluateCmapss } from './evaluate-cmapss.ts'
import { cmapssSignals } from './read-cmapss.ts'

let dir: string

/** Engines that wear evenly over lives of 130 to 220 cycles: every sensor rises with wear, each a little differently. */
const life = (unit: number): number => 130 + ((unit * 37) % 90)

function rows(unit: number, cycles: number): string[] {
  return Array.from({ length: cycles }, (_, index) => {
    const wear = (index / life(unit)) ** 2
    const noise = (column: number): number => 0.2 * Math.sin(12.9898 * unit + 78.233 * index + 37.719 * column)
    const values = cmapssSignals.map((_, column) => (column < 3 ? 0 : 100 + wear * (1 + column / 10) + noise(column)))
    return [unit, index + 1, ...values.map((value) => value.toFixed(4))].join(' ')
  })
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cmapss-'))
  const units = Array.from({ length: 12 }, (_, index) => index + 1)
  const left = units.map((unit) => 10 * unit)
  const write = (file: string, lines: string[]): Promise<void> => writeFile(join(dir, file), lines.join('\n'))
  await write(
    'train_FD001.txt',
    units.flatMap((unit) => rows(unit, life(unit))),
  )
  await write(
    'test_FD001.txt',
    units.flatMap((unit, index) => rows(unit + 50, life(unit + 50) - left[index]!)),
  )
  await write('RUL_FD001.txt', left.slice(0, 10).map(String))
})

afterAll(() => rm(dir, { recursive: true, force: true }))

const evaluate = () => evaluateCmapss({ dataDir: dir, onProgress: () => {} })

test('N3 evaluate cmapss trains, serves and scores the test units that have a true life', async () => {
  const { report, full } = await evaluate()
  expect(report.metrics.rmse).toBeLessThan(0.5 * report.metrics.rmseByAgeAlone!)
  expect(report.metrics).toMatchObject({
    rmseUncapped: expect.any(Number),
    asymmetricScore: expect.any(Number),
    coverage90: expect.any(Number),
    meanIntervalWidth: expect.any(Number),
    trainSeconds: expect.any(Number),
    microsecondsPerPrediction: expect.any(Number),
  })
  expect(report.targets).toEqual({ rmse: { cmp: '<=', want: 12 }, coverage90: { cmp: '>=', want: 0.9 } })
  expect(report.protocol.subsets).toMatchObject({ FD001: { testUnits: 12, unitsScored: 10, unitsWithoutTruth: 2 } })
  expect(full[0]!.head).toEqual(['', 'FD001'])
})

test('N3 a folder without a whole FD001 is refused', async () => {
  const refused = expect.objectContaining({ code: 'DATA_SET_INCOMPLETE' })
  await writeFile(join(dir, 'RUL_FD001.txt'), Array.from({ length: 13 }, () => '5').join('\n'))
  await expect(evaluate()).rejects.toThrow(refused)
  await rm(join(dir, 'RUL_FD001.txt'))
  await expect(evaluate()).rejects.toThrow(refused)
  await rm(join(dir, 'train_FD001.txt'))
  await expect(evaluate()).rejects.toThrow(refused)
})
