/** When evidence becomes an alert and when it stops being one; the defaults, or what a roll-out of thresholds serves. */
import { Terminal } from '@pitcrew/errors'
import type { Finding } from './finding.ts'

export interface AlertThresholds {
  /** From this probability of failure on, held for `raiseAfterMs`, an alert is raised. */
  raiseProbability: number
  raiseAfterMs: number
  /** Below this one, held for `clearAfterMs`, it is cleared. Less than raiseProbability: there is no flapping between them. */
  clearProbability: number
  clearAfterMs: number
  /** By monitor or fault code: its evidence counts so much of itself. 1 where nothing is said. */
  weights: Readonly<Record<string, number>>
}

export const defaultThresholds: AlertThresholds = {
  raiseProbability: 0.6,
  raiseAfterMs: 15_000,
  clearProbability: 0.2,
  clearAfterMs: 600_000,
  weights: {},
}

const hourMs = 3_600_000

/** From the JSON of an artefact; what it leaves out is as the defaults have it. Throws Terminal MODEL_INVALID. */
export function readThresholds(json: unknown): AlertThresholds {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('it is no object')
  const given = { ...defaultThresholds, ...json }
  for (const name of ['raiseProbability', 'clearProbability'] as const) within(given[name], name, 0.01, 0.99)
  for (const name of ['raiseAfterMs', 'clearAfterMs'] as const) within(given[name], name, 0, 24 * hourMs)
  if (given.clearProbability >= given.raiseProbability)
    throw invalid(`clearProbability is ${given.clearProbability}: expected less than raiseProbability`)
  for (const [name, weight] of Object.entries(given.weights ?? {})) within(weight, `weights.${name}`, 0, 2)
  const unknown = Object.keys(given).find((name) => !(name in defaultThresholds))
  if (unknown !== undefined) throw invalid(`there is no threshold ${unknown}`)
  return given
}

function within(value: unknown, name: string, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return
  throw invalid(`${name} is ${JSON.stringify(value)}: expected ${least} to ${most}`)
}

const invalid = (why: string) => new Terminal('MODEL_INVALID', `the thresholds cannot be used: ${why}`)

/** The very list when no weight concerns any of it. */
export function weighed(findings: Finding[], { weights }: AlertThresholds): Finding[] {
  if (!findings.some(({ feature }) => Object.hasOwn(weights, feature))) return findings
  return findings.map((finding) => {
    const weight = Object.hasOwn(weights, finding.feature) ? weights[finding.feature]! : 1
    return { ...finding, strength: Math.min(finding.strength * weight, 0.97) }
  })
}
