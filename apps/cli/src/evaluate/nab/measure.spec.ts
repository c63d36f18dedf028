import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { evaluateNab } from './index.ts'
import { parseSeries, readSeries } from './series.ts'

const weights = (fpWeight: number, fnWeight: number) => ({
  CostMatrix: { tpWeight: 1, tnWeight: 1, fpWeight, fnWeight },
})
const profiles = {
  standard: weights(0.11, 1),
  reward_low_FP_rate: weights(0.22, 1),
  reward_low_FN_rate: weights(0.11, 2),
}
const rows = 2000
const spikeAt = 1500
const words = (row: number): string =>
  new Date(Date.UTC(2014, 3, 1) + row * 300_000).toISOString().slice(0, 19).replace('T', ' ')
const limits = [`${words(spikeAt)}.000000`, `${words(spikeAt + 99)}.000000`]
const lines = Array.from(
  { length: rows },
  (_, row) => `${words(row)},${((row * 37) % 11) + (row === spikeAt ? 300 : 0)}`,
)

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'nab-'))
  mkdirSync(join(dataDir, 'data', 'made'), { recursive: true })
  writeFileSync(join(dataDir, 'data', 'made', 'spike.csv'), `timestamp,value\n${lines.join('\n')}\n`)
  writeFileSync(join(dataDir, 'combined_windows.json'), JSON.stringify({ 'made/spike.csv': [limits] }))
  writeFileSync(join(dataDir, 'profiles.json'), JSON.stringify(profiles))
})

afterEach(() => rmSync(dataDir, { recursive: true }))

describe('N3 evaluate nab', () => {
  test('a spike at the start of its window is found: 100 in every profile, at the deployed threshold too', async () => {
    const { report, full } = await evaluateNab({ dataDir, onProgress: () => undefined })
    expect(report.metrics).toMatchObject({
      standard: 100,
      rewardLowFpRate: 100,
      rewardLowFnRate: 100,
      standardAtDeployedThreshold: 100,
      standardOnUnseen: 100,
      series: 1,
      windows: 1,
      windowsFound: 1,
      falseAlarms: 0,
      unseenSeries: 1,
    })
    expect(report.met).toBe(true)
    expect(report.metrics.stateBytes).toBeLessThan(20_000)
    expect(full.map(({ rows: made }) => made.length)).toEqual([3, 1])
  })

  test('windows are rows, first and last included', () => {
    const [series] = readSeries(dataDir)
    expect(series?.windows).toEqual([{ first: spikeAt, last: spikeAt + 99 }])
    expect(series?.times[1]).toBe(Date.UTC(2014, 3, 1, 0, 5))
  })

  test('what is missing or malformed is said', async () => {
    expect(() => parseSeries('made.csv', 'timestamp,value\n2014-04-01 00:00:00,x')).toThrow('made.csv, line 2')
    rmSync(join(dataDir, 'profiles.json'))
    await expect(evaluateNab({ dataDir, onProgress: () => undefined })).rejects.toThrow('profiles.json is missing')
  })
})
