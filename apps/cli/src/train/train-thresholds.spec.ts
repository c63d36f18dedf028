import { expect, test } from '@jest/globals'
import { detection } from '@pitcrew/data-analysis'
import { trainThresholds, type Drive } from './train-thresholds.ts'

const given = {
  sha256: 'ab',
  card: { name: 'quiet', version: '1', trainedAt: '2026-11-20T12:00:00Z' },
  onProgress: () => {},
}

/** Short drives; with a code that the table rates at 0.7, when one is given. */
const drives = (code?: string): Drive[] =>
  Array.from({ length: 4 }, (_, i) => ({
    name: `d${i}`,
    frames: detection.generatedDrive(i, 3).map((frame) => (code === undefined ? frame : { ...frame, dtcs: [code] })),
  }))

test('L3 thresholds are as low as healthy drives allow, with a margin', () => {
  const quiet = trainThresholds(drives(), given, [])
  const used = trainThresholds(drives('P0118'), given, ['van'])
  expect(quiet).toMatchObject({ card: { kind: 'thresholds', metrics: { alertsHeldOut: 0 } } })
  const [low, high] = [quiet, used].map(({ model }) => Number(model.raiseProbability)) as [number, number]
  expect(low).toBeLessThan(high)
  expect(high).toBeGreaterThan(0.7)
  expect(used.serves).toEqual({ vehicleModels: ['van'] })
})

test('L3 drives that are not healthy, or too few, train nothing', () => {
  expect(() => trainThresholds(drives('P0217'), given, [])).toThrow(
    expect.objectContaining({ code: 'NO_QUIET_THRESHOLD' }),
  )
  expect(() => trainThresholds(drives().slice(1), given, [])).toThrow(
    expect.objectContaining({ code: 'TOO_FEW_DRIVES' }),
  )
})
