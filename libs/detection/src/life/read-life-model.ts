/** An artefact from outside is checked whole before anything is served by it: what passes cannot make serving throw. */
import { Terminal } from '@pitcrew/errors'
import { lifeFormat, type LifeModel } from './life-model.ts'

type Json = Record<string, unknown>

/**
 * The same value, checked.
 * @param json parsed JSON of an artefact
 * Throws Terminal MODEL_INVALID naming the place that is wrong.
 */
export function readLifeModel(json: unknown): LifeModel {
  const model = objectAt(json, 'model')
  must(model.kind === 'life', 'kind', model.kind, '"life"')
  must(model.format === lifeFormat, 'format', model.format, `${lifeFormat}, which this version serves`)
  numberAt(model.horizon, 'horizon', 1)
  numberAt(model.treeShare, 'treeShare', 0, 1)
  numberAt(model.coverage, 'coverage', 0, 1)
  checkCard(objectAt(model.card, 'card'))
  checkTrees(objectAt(model.trees, 'trees'), checkPlan(objectAt(model.plan, 'plan')))
  checkWaves(objectAt(model.waves, 'waves'), checkPlan(model.plan as Json))
  checkBand(objectAt(model.band, 'band'), 'band')
  if (model.lateBand !== null) checkBand(objectAt(model.lateBand, 'lateBand'), 'lateBand')
  checkPrior(objectAt(model.prior, 'prior'))
  return json as LifeModel
}

function checkCard(card: Json): void {
  for (const name of ['name', 'version', 'trainedAt']) textAt(card[name], `card.${name}`)
  must(card.kind === 'life', 'card.kind', card.kind, '"life"')
  const data = objectAt(card.data, 'card.data')
  for (const name of ['description', 'sha256']) textAt(data[name], `card.data.${name}`)
  for (const name of ['units', 'rows']) numberAt(data[name], `card.data.${name}`, 0)
  for (const [name, value] of Object.entries(objectAt(card.metrics, 'card.metrics')))
    numberAt(value, `card.metrics.${name}`)
  objectAt(card.parameters, 'card.parameters')
}

/** Number of features. */
function checkPlan(plan: Json): number {
  const signals = listAt(plan.signals, 'plan.signals')
  must(signals.length > 0, 'plan.signals', signals, 'at least one signal')
  signals.forEach((name, index) => textAt(name, `plan.signals[${index}]`))
  const regimes = objectAt(plan.regimes, 'plan.regimes')
  const settings = listAt(regimes.settings, 'plan.regimes.settings')
  settings.forEach((name, index) => textAt(name, `plan.regimes.settings[${index}]`))
  numbersAt(regimes.spreads, 'plan.regimes.spreads', { length: settings.length, above: 0 })
  const centres = tableAt(regimes.centres, 'plan.regimes.centres', settings.length)
  must(centres >= 1, 'plan.regimes.centres', centres, 'at least one')
  const normals = listAt(plan.normals, 'plan.normals', centres)
  for (const [regime, row] of normals.entries())
    for (const [index, one] of listAt(row, `plan.normals[${regime}]`, signals.length).entries()) {
      const normal = objectAt(one, `plan.normals[${regime}][${index}]`)
      numberAt(normal.mean, `plan.normals[${regime}][${index}].mean`)
      must(
        isNumber(normal.spread) && normal.spread > 0,
        `plan.normals[${regime}][${index}].spread`,
        normal.spread,
        '> 0',
      )
    }
  const health = tableAt(plan.health, 'plan.health', signals.length)
  const signalScales = numbersAt(plan.signalScales, 'plan.signalScales', { above: 0 })
  must(signalScales > 0, 'plan.signalScales', [], 'at least one')
  const healthScales = numbersAt(plan.healthScales, 'plan.healthScales', { above: 0 })
  numberAt(plan.baselineSteps, 'plan.baselineSteps', 0)
  return 1 + 2 * signals.length * signalScales + health * (1 + 2 * healthScales)
}

/** A child comes after its parent, so that every walk ends. */
function checkTrees(boosted: Json, features: number): void {
  numberAt(boosted.base, 'trees.base')
  for (const [index, one] of listAt(boosted.trees, 'trees.trees').entries()) {
    const at = `trees.trees[${index}]`
    const tree = objectAt(one, at)
    const nodes = numbersAt(tree.feature, `${at}.feature`)
    must(nodes > 0, `${at}.feature`, [], 'at least one node')
    for (const name of ['threshold', 'left', 'right', 'value'])
      numbersAt(tree[name], `${at}.${name}`, { length: nodes })
    const { feature, left, right } = tree as Record<string, number[]>
    for (let node = 0; node < nodes; node++) {
      const asked = feature![node]!
      must(
        Number.isInteger(asked) && asked >= -1 && asked < features,
        `${at}.feature[${node}]`,
        asked,
        'a feature or -1',
      )
      if (asked === -1) continue
      for (const child of [left![node]!, right![node]!])
        must(Number.isInteger(child) && child > node && child < nodes, `${at} node ${node}`, child, 'a later node')
    }
  }
}

function checkWaves(waves: Json, features: number): void {
  numberAt(waves.intercept, 'waves.intercept')
  numbersAt(waves.means, 'waves.means', { length: features })
  numbersAt(waves.spreads, 'waves.spreads', { length: features, above: 0 })
  const count = numbersAt(waves.phases, 'waves.phases')
  numbersAt(waves.weights, 'waves.weights', { length: count })
  numbersAt(waves.directions, 'waves.directions', { length: count * features })
}

function checkBand(band: Json, at: string): void {
  const count = numbersAt(band.knots, `${at}.knots`)
  must(count >= 2, `${at}.knots`, band.knots, 'at least two')
  const knots = band.knots as number[]
  const rising = knots.every((knot, index) => index === 0 || knot > knots[index - 1]!)
  must(rising, `${at}.knots`, knots, 'rising ones')
  for (const name of ['below', 'above']) {
    numbersAt(band[name], `${at}.${name}`, { length: count })
    must(
      (band[name] as number[]).every((value) => value >= 0),
      `${at}.${name}`,
      band[name],
      'none below 0',
    )
  }
}

function checkPrior(prior: Json): void {
  for (const name of ['shape', 'scale'])
    must(isNumber(prior[name]) && (prior[name] as number) > 0, `prior.${name}`, prior[name], 'a number above 0')
  for (const name of ['shapeError', 'scaleError']) numberAt(prior[name], `prior.${name}`, 0)
}

function must(holds: boolean, at: string, value: unknown, expected: string): void {
  if (holds) return
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 40)
  throw new Terminal('MODEL_INVALID', `${at} is ${shown}: expected ${expected}`, {
    hint: 'train it anew, or take the artefact from the command that wrote it',
  })
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function objectAt(value: unknown, at: string): Json {
  must(typeof value === 'object' && value !== null && !Array.isArray(value), at, value, 'an object')
  return value as Json
}

function listAt(value: unknown, at: string, length?: number): unknown[] {
  must(Array.isArray(value), at, value, 'a list')
  const list = value as unknown[]
  must(length === undefined || list.length === length, `${at}.length`, list.length, String(length))
  return list
}

function textAt(value: unknown, at: string): void {
  must(typeof value === 'string', at, value, 'a text')
}

function numberAt(value: unknown, at: string, least = -Infinity, most = Infinity): void {
  must(isNumber(value) && value >= least && value <= most, at, value, `a number from ${least} to ${most}`)
}

/** Their count. */
function numbersAt(value: unknown, at: string, { length, above }: { length?: number; above?: number } = {}): number {
  const list = listAt(value, at, length)
  const wrong = list.findIndex((one) => !isNumber(one) || (above !== undefined && one <= above))
  must(wrong === -1, `${at}[${wrong}]`, list[wrong], above === undefined ? 'a number' : `a number above ${above}`)
  return list.length
}

/** Number of rows. */
function tableAt(value: unknown, at: string, width: number): number {
  const rows = listAt(value, at)
  rows.forEach((row, index) => numbersAt(row, `${at}[${index}]`, { length: width }))
  return rows.length
}
