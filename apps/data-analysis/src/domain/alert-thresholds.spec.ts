import { expect, test } from '@jest/globals'
import { defaultThresholds, readThresholds } from './alert-thresholds.ts'
import { generatedDrive } from './measurement/generated-drive.ts'
import type { ServedModel } from './models/served-model.ts'
import { alone } from './surroundings.ts'
import { createVehicleState } from './vehicle-state.ts'
import { watch } from './watch.ts'

const common = { name: 'quiet', version: '1', vehicleModels: [] }

function raised(given: object): number[] {
  const served: ServedModel[] = [{ ...common, kind: 'thresholds', thresholds: readThresholds(given) }]
  const state = createVehicleState('v1')
  const frames = generatedDrive(1, 5).map((frame) => ({ ...frame, dtcs: ['P0118'] }))
  const began = frames[0]!.timeMs
  return frames.flatMap((frame) => watch(state, frame, { ...alone, served }).decisions.map(() => frame.timeMs - began))
}

test('L3 thresholds that are rolled out decide when an alert is raised', () => {
  const [usual] = raised({}) as [number]
  expect(usual).toBeGreaterThanOrEqual(defaultThresholds.raiseAfterMs)
  expect(raised({ raiseAfterMs: 60_000 })[0]).toBeGreaterThanOrEqual(60_000)
  expect(raised({ raiseProbability: 0.9 })).toEqual([])
  expect(raised({ weights: { P0118: 0.5 } })).toEqual([])
  expect(raised({ weights: { P0420: 0.5 } })).toEqual([usual])
})

test('L3 thresholds that would flap, or that nobody knows, are refused', () => {
  const wrong = [
    { raiseProbability: 0.2, clearProbability: 0.3 },
    { raiseProbability: 2 },
    { clearAfterMs: -1 },
    { weights: { P0118: Number.NaN } },
    { raise: 1 },
    [],
  ]
  for (const one of wrong) expect(() => readThresholds(one)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
})
