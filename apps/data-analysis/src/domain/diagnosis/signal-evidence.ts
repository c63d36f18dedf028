import type { VehicleSystem } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import { monitors } from '../monitors/index.ts'
import { namesSamePart } from './component-words.ts'
import type { FailureMode } from './failure-mode.ts'
import { ratioOf, supportsOf, type NodeResult } from './node-result.ts'

export interface SignalEvidenceInput {
  system: VehicleSystem
  /** What the detectors say, as in the alert's evidence. Those that are not known here are no evidence for or against. */
  findings: readonly (Pick<Finding, 'feature' | 'strength' | 'explanation'> & Partial<Pick<Finding, 'detector'>>)[]
  /** VSS paths that the vehicle reports: only there does a silent monitor mean anything. */
  observedSignals: readonly string[]
}

/** A wheel's monitor speaks under the name of its kind. */
export const kindOf = (feature: string) => feature.split(':', 1)[0] ?? feature

/** A model that was trained on repairs names the part, for modes of that part; by how sure it is. */
const namedPart = 4

interface Seen {
  strength: number
  explanation: string
}

/** C4: which failure modes the signals speak for, and which they would have betrayed had they been there. */
export function signalEvidence({ system, findings, observedSignals }: SignalEvidenceInput): NodeResult {
  const seen = new Map<string, Seen>()
  const parts = new Map<string, Seen>()
  for (const { feature, detector, strength, explanation } of findings) {
    const of = detector === 'risk-model' ? parts : seen
    const name = detector === 'risk-model' ? feature.slice(feature.indexOf(':') + 1) : kindOf(feature)
    if (strength > (of.get(name)?.strength ?? 0)) of.set(name, { strength, explanation })
  }
  const observable = new Set(
    monitors.filter(({ signal }) => observedSignals.includes(signal)).map(({ name }) => kindOf(name)),
  )
  const supports = supportsOf(system, (mode) => {
    const signals = ofSignals(mode, seen, observable)
    const named = ofParts(mode, parts)
    return { ratio: signals.ratio * named.ratio, reasons: [...signals.reasons, ...named.reasons] }
  })
  const present = [...seen.keys()].filter((feature) => monitors.some(({ name }) => kindOf(name) === feature))
  const models = [...parts.keys()].map((part) => `models name ${part}`)
  const shown = present.length > 0 ? [`Signals show ${present.join(', ')}`] : []
  return {
    node: 'signal-evidence',
    supports,
    summary: [...shown, ...models].join('; ') || 'No signal is off its level',
  }
}

function ofSignals({ features }: FailureMode, seen: ReadonlyMap<string, Seen>, observable: ReadonlySet<string>) {
  let ratio = 1
  const reasons: string[] = []
  for (const [feature, likelihood] of Object.entries(features)) {
    const found = seen.get(feature)
    if (found !== undefined) {
      ratio *= ratioOf(likelihood, true, found.strength)
      reasons.push(
        found.explanation === '' || found.explanation === feature ? feature : `${feature} (${found.explanation})`,
      )
    } else if (observable.has(feature)) {
      // Silence of a monitor is weaker news than its voice: the fault may be young.
      ratio *= ratioOf(likelihood, false, 0.5)
      reasons.push(`no ${feature}`)
    }
  }
  return { ratio, reasons }
}

function ofParts({ component, parts }: FailureMode, named: ReadonlyMap<string, Seen>) {
  let ratio = 1
  const reasons: string[] = []
  for (const [part, { strength, explanation }] of named) {
    if (![component, ...parts].some((own) => namesSamePart(own, part))) continue
    ratio *= namedPart ** strength
    reasons.push(explanation === '' ? part : explanation)
  }
  return { ratio, reasons }
}
