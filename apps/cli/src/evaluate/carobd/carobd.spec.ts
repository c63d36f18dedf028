/**
 * Detection as it is measured, on generated drives; on recorded ones where PITCREW_DATASETS leads to them. The whole
 * measurement is `./pitcrew evaluate carobd`.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { detection } from '@pitcrew/data-analysis'
import { fault, inject } from '@pitcrew/simulator'
import { drive } from './drive.ts'
import { asNewVehicles, asOneVehicle, rateOf } from './false-alarms.ts'
import { evaluateCarobd } from './index.ts'
import { limitCrossing } from './injection.ts'
import { readLogs } from './logs.ts'
import { poissonUpper95 } from './poisson.ts'
import { quantile, survivalBeyond } from './product-limit.ts'
import { recallRuns, type Run } from './recall.ts'
import { coverageAtAlert, recallOf } from './scores.ts'
import { partOf } from './split.ts'

const folder = process.env.PITCREW_DATASETS ? join(process.env.PITCREW_DATASETS, 'carobd') : ''
const present = folder !== '' && existsSync(folder)
if (!present)
  process.stdout.write(
    `carOBD logs absent (PITCREW_DATASETS is "${process.env.PITCREW_DATASETS ?? ''}"): measuring on generated drives only\n`,
  )

describe('statistics of the measurement', () => {
  test('N3 no alarm in so many hours bounds the rate at three over the hours, and the bound grows with alarms', () => {
    expect(poissonUpper95(0)).toBeCloseTo(2.996, 3)
    expect(poissonUpper95(1)).toBeCloseTo(4.744, 3)
    expect(poissonUpper95(10)).toBeCloseTo(16.962, 3)
    expect(rateOf({ hours: 50, alarms: ['a'] }).per100h).toBe(2)
  })

  test('N3 censored times are at least what was seen of them (product-limit estimate)', () => {
    const seen = (score: number, censored = false) => ({ score, censored })
    expect(
      quantile(
        [1, 2, 3, 4].map((score) => seen(score)),
        0.5,
      ),
    ).toBe(2)
    // Two of four were cut off at 1: of the other two half are at most 2, so half of the whole lies higher.
    expect(quantile([seen(1, true), seen(1, true), seen(2), seen(4)], 0.5)).toBe(2)
    expect(quantile([seen(1), seen(2, true), seen(3, true)], 0.9)).toBe(3)
    expect(survivalBeyond([seen(1), seen(2), seen(3, true), seen(4)], 2.5)).toBeCloseTo(0.5)
  })

  test('N3 recall counts the runs that reach the limit, lead is nothing where the alert came late or never', () => {
    const run = (changes: Partial<Run>): Run => ({
      drive: 'd',
      part: 'heldOut',
      fault: 'alternator',
      development: 'linear',
      rate: 'fast',
      onsetSeconds: 100,
      endSeconds: 1_000,
      limitSeconds: 500,
      alertSeconds: 300,
      foreign: [],
      forecasts: [],
      ...changes,
    })
    const forecast = { feature: 'charging-low', atSeconds: 310, lower: 100, median: 150, upper: 250 }
    const runs = [
      run({ forecasts: [forecast] }),
      run({ alertSeconds: 600 }),
      run({ alertSeconds: undefined, foreign: ['BATTERY'] }),
      run({ limitSeconds: undefined, alertSeconds: 700 }),
    ]
    expect(recallOf(runs)).toMatchObject({ runs: 4, reached: 3, found: 1, recall: 1 / 3, leadMedian: 0, foreign: 1 })
    expect(coverageAtAlert(runs)).toMatchObject({ forecasts: 1, told: 1, covered: 1 })
    const missed = run({ forecasts: [{ ...forecast, upper: 180 }] })
    expect(coverageAtAlert([missed]).covered).toBe(0)
  })
})

/** A few of all: the realm that tests run in is many times slower than a service. */
const developments = ['linear', 'step-then-drift'] as const

describe('generated drives', () => {
  const drives = new Map([0, 2].map((variant) => [`generated-${variant}`, detection.generatedDrive(variant)]))

  test('N3 healthy drives raise no alert, of new vehicles and of one', () => {
    expect(asNewVehicles(drives).alarms).toEqual([])
    expect(asOneVehicle(drives, 660_000)).toMatchObject({ alarms: [], hours: expect.closeTo(35 / 30, 1) })
  })

  test('N3 degradations are found before their limit, in their own system, whatever way they develop', () => {
    const everySecond = drives.get('generated-0')!.filter((_, index) => index % 2 === 0)
    const runs = recallRuns('generated-0', everySecond.slice(0, 1_500), { rates: ['fast'], developments })
    const { recall, reached, foreign } = recallOf(runs)
    expect(reached).toBeGreaterThan(8)
    expect(recall).toBeGreaterThanOrEqual(0.9)
    expect(foreign).toBe(0)
  })
})

test('N3 what is no carOBD log is named in the protocol, and a folder without any is refused', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'carobd-'))
  try {
    await writeFile(join(empty, 'other.csv'), 'timestamp,value\n1,2\n')
    const evaluated = evaluateCarobd({ dataDir: empty, onProgress: () => {} })
    await expect(evaluated).rejects.toMatchObject({ code: 'DATA_SET_INCOMPLETE' })
    await writeFile(join(empty, 'idle99.csv'), 'ENGINE_RPM (),COOLANT_TEMPERATURE ()\n800,80\n800,81\n')
    expect(readLogs(empty)).toMatchObject({ refusedFiles: ['other'], rows: 2 })
  } finally {
    await rm(empty, { recursive: true })
  }
})

/** Tests of the recorded drives exist only where the recordings do; the generated ones above always run. */
if (present)
  describe('recorded drives', () => {
    const { drives } = readLogs(folder)

    test('N3 no healthy drive raises an alert when one vehicle makes all of them', () => {
      expect(asOneVehicle(drives, 7_200_000).alarms).toEqual([])
    })

    test('N3 degradations of a drive that nothing was tuned on are found before their limit', () => {
      const [name, frames] = [...drives].findLast(([one]) => partOf(one) === 'heldOut' && one.startsWith('long'))!
      const { recall, reached } = recallOf(recallRuns(name, frames, { rates: ['fast'], developments: ['linear'] }))
      expect(reached).toBeGreaterThan(4)
      expect(recall).toBeGreaterThanOrEqual(0.9)
    }, 60_000)

    test('L3 the default coolant leak in live1 is an urgent COOLING alert well before the limit', () => {
      const frames = drives.get('live1')!
      const faulty = frames.map(inject('coolant-leak'))
      const [first, ...others] = drive('live1', faulty).raised
      expect(others).toEqual([])
      expect(first).toMatchObject({ system: 'COOLING' })
      expect(['CRITICAL', 'HIGH']).toContain(first?.urgency)
      expect(first?.atSeconds).toBeLessThan(limitCrossing(frames, faulty, fault('coolant-leak').limit)! - 60)
    })
  })
