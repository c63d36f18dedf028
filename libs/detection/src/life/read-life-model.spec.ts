import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { generatedUnits } from './generated-units.ts'
import { readLifeModel } from './read-life-model.ts'
import { createLifeState, stepLife } from './serve-life.ts'
import { trainLife } from './train-life.ts'

type Tree = Record<string, unknown>

const card = {
  name: 'pumps',
  version: '3',
  trainedAt: '2026-01-01T00:00:00Z',
  data: { description: 'x', sha256: 'ab' },
}
const text = JSON.stringify(trainLife(generatedUnits({ seed: 1, units: 10 }), { card }))

/** The artefact with what stands at a path replaced, or removed. */
function broken(path: string, value: unknown): unknown {
  const model = JSON.parse(text) as Tree
  const steps = path.split('.')
  let at = model
  for (const step of steps.slice(0, -1)) at = at[step] as Tree
  at[steps.at(-1)!] = value
  return JSON.parse(JSON.stringify(model))
}

test('N3 an artefact as trained is taken', () => {
  const model = readLifeModel(JSON.parse(text))
  expect(
    stepLife(model, createLifeState(model), { Temperature: 91, Pressure: 30, Vibration: 2 }).remaining,
  ).toBeGreaterThan(0)
})

test.each<[string, unknown]>([
  ['kind', 'risk'],
  ['format', 99],
  ['horizon', null],
  ['lateBand', 'no'],
  ['treeShare', 1.5],
  ['card', {}],
  ['card.metrics.rmse', 'good'],
  ['plan.signals', []],
  ['plan.normals.0.0.spread', 0],
  ['plan.health.0', [1]],
  ['plan.signalScales.0', -3],
  ['plan.regimes.centres', []],
  ['trees.trees.0.left.0', 0],
  ['trees.trees.0.feature.0', 1e6],
  ['trees.trees.0.value', undefined],
  ['waves.directions', [1, 2]],
  ['waves.weights.3', null],
  ['band.knots.1', -1],
  ['band.above.0', -1],
  ['prior.shape', 0],
])('N3 an artefact whose %s is %j is refused', (path, value) => {
  expect(() => readLifeModel(broken(path, value))).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
})

test('N3 any other JSON is refused, never thrown past', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(() => readLifeModel(json)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
    }),
    { seed: 3, numRuns: 200 },
  )
})
