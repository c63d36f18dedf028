/** Follows what happens to one vehicle until its case has ended. */
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { followEvents, type PlatformEvent } from '../api/events.ts'
import { hasEnded, standingOf, toStanding, type CaseStanding } from './stations.ts'
import type { Stage } from './stage.ts'

export interface CaseWatch {
  alertSeen(): boolean
  /** Waits for it, no longer than that; false when none came. */
  alerted(withinMs: number): Promise<boolean>
  /** Where the case stands; undefined before there is one. */
  standing(): CaseStanding | undefined
  /** Throws Retryable DEMO_TIMEOUT. */
  ended(withinMs: number): Promise<CaseStanding>
  close(): Promise<void>
}

/** Events may be lost with a connection, so the platform is asked as well. */
const askEveryMs = 1_000

export async function watchCase(
  { gateway, token, signal }: Stage,
  vehicleId: string,
  onEvent: (event: PlatformEvent) => void,
): Promise<CaseWatch> {
  let alerted = false
  let standing: CaseStanding | undefined
  const stream = await followEvents(
    gateway.url,
    { vehicle: vehicleId },
    (event) => {
      alerted ||= event.type === 'alert.raised'
      standing = standingOf(event) ?? standing
      onEvent(event)
    },
    { token },
  )
  async function ask(): Promise<void> {
    const [found] = await gateway.cases({ vehicle: vehicleId, limit: 1 })
    if (found === undefined) return
    alerted = true
    standing = toStanding(found)
  }
  return {
    alertSeen: () => alerted,
    standing: () => standing,
    async alerted(withinMs) {
      for (const deadline = performance.now() + withinMs; !alerted && performance.now() < deadline;) {
        await ask()
        await pause(200, undefined, { signal })
      }
      return alerted
    },
    async ended(withinMs) {
      const deadline = performance.now() + withinMs
      for (let askAt = performance.now() + askEveryMs; standing === undefined || !hasEnded(standing);) {
        if (performance.now() > deadline) throw late(vehicleId, standing, withinMs)
        await pause(50, undefined, { signal })
        if (performance.now() < askAt) continue
        askAt = performance.now() + askEveryMs
        await ask()
      }
      return standing
    },
    close: () => stream.close(),
  }
}

function late(vehicleId: string, standing: CaseStanding | undefined, withinMs: number): Retryable {
  const where = standing ? `stands at ${standing.phase}: ${standing.detail}` : 'has not been opened'
  return new Retryable('DEMO_TIMEOUT', `after ${withinMs / 1000} s the case of ${vehicleId} ${where}`, {
    hint: './pitcrew doctor; and on a platform that runs, ./pitcrew cases list and its logs',
  })
}
