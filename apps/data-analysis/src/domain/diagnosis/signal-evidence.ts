import type { VehicleSystem } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import { monitors } from '../monitors/index.ts'
import { ratioOf, supportsOf, type NodeResult } from './node-result.ts'

export interface SignalEvidenceInput {
  system: VehicleSystem
  /** What the detectors say, as in the alert's evidence. */
  findings: readonly Pick<Finding, 'feature' | 'strength' | 'explanation'>[]
  /** VSS paths that the vehicle reports: only there does a silent monitor mean anything. */
  observedSignals: readonly string[]
}

/** A wheel's monitor speaks under the name of its kind. */
export const kindOf = (feature: string) => feature.split(':', 1)[0] ?? feature

/** C4: which failure modes the signals speak for, and which they would have betrayed had they been there. */
export function signalEvidence({ system, findings, observedSignals }: SignalEvidenceInput): NodeResult {
  const strengths = new Map<string, number>()
  for (const { feature, strength } of findings)
    strengths.set(kindOf(feature), Math.max(strength, strengths.get(kindOf(feature)) ?? 0))
  const observable = new Set(
    monitors.filter(({ signal }) => observedSignals.includes(signal)).map(({ name }) => kindOf(name)),
  )
  const supports = supportsOf(system, ({ features }) => {
    let ratio = 1
    const reasons: string[] = []
    for (const [feature, likelihood] of Object.entries(features)) {
      const strength = strengths.get(feature)
      if (strength !== undefined) {
        ratio *= ratioOf(likelihood, true, strength)
        reasons.push(`${feature} is present`)
      } else if (observable.has(feature)) {
        // Silence of a monitor is weaker news than its voice: the fault may be young.
        ratio *= ratioOf(likelihood, false, 0.5)
        reasons.push(`${feature} is absent`)
      }
    }
    return { ratio, reasons }
  })
  const present = [...strengths.keys()].filter((feature) => monitors.some(({ name }) => kindOf(name) === feature))
  return {
    node: 'signal-evidence',
    supports,
    summary: present.length > 0 ? `Signals show ${present.join(', ')}` : 'No signal is off its level',
  }
}
