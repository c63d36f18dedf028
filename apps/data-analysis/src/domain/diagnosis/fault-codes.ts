import { faultCode, type VehicleSystem } from '@pitcrew/signals'
import { systemOfAnyCode, unlistedCode } from './code-evidence.ts'
import type { FailureMode } from './failure-mode.ts'
import { modesOf } from './knowledge.ts'
import { ratioOf, supportsOf, type NodeResult } from './node-result.ts'

export interface FaultCodesInput {
  system: VehicleSystem
  /** Active codes; undefined when the vehicle does not report any, so that their absence means nothing. */
  codes: readonly string[] | undefined
  /** Seen once, not confirmed yet. */
  pending?: readonly string[]
}

/** A code is set late in the life of a fault, so its absence says little; a pending one has been seen once. */
const weights = { active: 1, pending: 0.5, absent: 0.25 }

/** C4: which failure modes the control units' own conclusions speak for. */
export function faultCodes({ system, codes, pending = [] }: FaultCodesInput): NodeResult {
  const active = new Set(codes)
  const early = new Set(pending.filter((code) => !active.has(code)))
  const listed = new Set(modesOf(system).flatMap((mode) => Object.keys(mode.codes)))
  const unlisted = [...active, ...early].filter((code) => !listed.has(code) && systemOfAnyCode(code) === system)
  const supports = supportsOf(system, (mode) => {
    const known = ofListed(mode, codes === undefined ? undefined : active, early)
    const reasons = [...known.reasons]
    let { ratio } = known
    for (const code of unlisted) {
      const said = unlistedCode(code, mode)
      ratio *= said.ratio ** (active.has(code) ? weights.active : weights.pending)
      reasons.push(said.reason)
    }
    return { ratio, reasons: codes === undefined || reasons.length > 0 ? reasons : noCode(mode.codes) }
  })
  const told = [...active].map((code) => `${code} ${faultCode(code)?.meaning ?? '(unknown)'}`)
  const soon = [...early].map((code) => `${code} pending`)
  return {
    node: 'fault-codes',
    supports,
    summary:
      [...told, ...soon].join(', ') || (codes === undefined ? 'The vehicle reports no codes' : 'No code is active'),
  }
}

function ofListed(
  mode: FailureMode,
  active: ReadonlySet<string> | undefined,
  early: ReadonlySet<string>,
): { ratio: number; reasons: string[] } {
  let ratio = 1
  const reasons: string[] = []
  for (const [code, likelihood] of Object.entries(mode.codes)) {
    const state = active?.has(code) ? 'active' : early.has(code) ? 'pending' : 'absent'
    if (state === 'absent' && active === undefined) continue
    ratio *= ratioOf(likelihood, state !== 'absent', weights[state])
    if (state !== 'absent')
      reasons.push(
        `${code} (${faultCode(code)?.meaning ?? 'not in the table'})${state === 'pending' ? ', pending' : ''}`,
      )
  }
  return { ratio, reasons }
}

const noCode = (expected: Record<string, unknown>) => {
  const names = Object.keys(expected)
  return names.length > 0 ? [`none of ${names.join(', ')} is set`] : []
}
