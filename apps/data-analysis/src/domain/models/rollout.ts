/**
 * Which version of a model serves which vehicle. Invariants:
 * 1. A version serves everybody only after it has served some as a canary for `leastCanaryMs`, unless that is waived.
 * 2. What a vehicle is served follows from its id alone, on every instance and after every restart; a share that grows keeps
 *    the vehicles it had.
 * 3. One step back is always possible: from a canary to the stable version, from that to the one before it or to none.
 */
import { hash } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'

export interface Serving {
  version: string
  sinceMs: number
}

export interface Rollout {
  stable?: Serving
  canary?: Serving & { /** Percent of the vehicles, 0 to 100 exclusive. */ share: number }
  /** The stable version before this one, null for none; absent when there is nothing to go back to. */
  before?: string | null
}

export const leastCanaryMs = 3_600_000

export interface Wish {
  version: string
  /** Percent, above 0; 100 is everybody. */
  share: number
  nowMs: number
  skipCanary: boolean
}

/** Throws Terminal BAD_SHARE, CANARY_RUNS, CANARY_FIRST, ALREADY_STABLE. */
export function rollOut({ stable, canary, before }: Rollout, { version, share, nowMs, skipCanary }: Wish): Rollout {
  if (!(share > 0 && share <= 100))
    throw new Terminal('BAD_SHARE', `the share is ${share}: expected percent, above 0 and up to 100`)
  if (stable?.version === version)
    throw new Terminal('ALREADY_STABLE', `${version} serves everybody already`, { hint: 'roll out another version' })
  if (canary !== undefined && canary.version !== version)
    throw new Terminal('CANARY_RUNS', `${canary.version} is being tried on ${canary.share} % of the vehicles`, {
      hint: 'roll it out to all, or back, before the next',
    })
  if (share < 100)
    return {
      ...(stable && { stable }),
      ...(before !== undefined && { before }),
      canary: { version, share, sinceMs: canary?.sinceMs ?? nowMs },
    }
  if (!skipCanary && (canary === undefined || nowMs - canary.sinceMs < leastCanaryMs))
    throw new Terminal(
      'CANARY_FIRST',
      `${version} has not served some vehicles for ${leastCanaryMs / 60_000} min yet`,
      {
        hint: 'roll it out to a small share first, look at its record, or waive that with a reason',
      },
    )
  return { stable: { version, sinceMs: nowMs }, before: stable?.version ?? null }
}

/** Throws Terminal NOTHING_TO_ROLL_BACK. */
export function rollBack({ stable, canary, before }: Rollout, nowMs: number): Rollout {
  if (canary !== undefined) return { ...(stable && { stable }), ...(before !== undefined && { before }) }
  if (stable === undefined || before === undefined)
    throw new Terminal('NOTHING_TO_ROLL_BACK', 'there is neither a canary nor an earlier version to go back to', {
      hint: './pitcrew models list shows what serves',
    })
  return before === null ? {} : { stable: { version: before, sinceMs: nowMs } }
}

/** 0 to below 100, evenly over the vehicles; another one for each name, so that it is not always the same who try. */
export function slotOf(name: string, vehicleId: string): number {
  return Number.parseInt(hash('sha256', `${name}\n${vehicleId}`, 'hex').slice(0, 8), 16) / (2 ** 32 / 100)
}

/** The version for the vehicle in that slot; undefined when none serves it. */
export function versionFor({ stable, canary }: Rollout, slot: number): string | undefined {
  return canary !== undefined && slot < canary.share ? canary.version : stable?.version
}
