/** Waits until the platform has made up its mind about the vehicles: all analysed, and each case booked or ended. */
import { setTimeout as pause } from 'node:timers/promises'
import type { workflow } from '@pitcrew/contracts'
import { Retryable, toFailure } from '@pitcrew/errors'
import type { Gateway } from '../api/gateway.ts'
import { plain } from '../print/names.ts'

const settledPhases = ['SCHEDULED', 'IN_SERVICE', 'FEEDBACK', 'COMPLETED', 'FAILED']
const settledStatuses = ['COMPLETED', 'FAILED', 'CANCELLED']

export const isSettled = ({ phase, status }: Pick<workflow.Case, 'phase' | 'status'>): boolean =>
  settledPhases.includes(plain(phase)) || settledStatuses.includes(plain(status))

export interface Settling {
  gateway: Gateway
  /** Device time of the last frame that was accepted, for each vehicle. */
  vehicles: ReadonlyMap<string, number>
  signal: AbortSignal
}

/** Throws Retryable NOT_ANALYSED. */
export async function untilAnalysed({ gateway, vehicles, signal }: Settling, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  for (const [vehicleId, lastMs] of vehicles) {
    while (!(await hasSeen(gateway, vehicleId, lastMs))) {
      if (performance.now() > deadline) {
        throw new Retryable(
          'NOT_ANALYSED',
          `the last frame of ${vehicleId} was not analysed within ${withinMs / 1000} s`,
          {
            hint: 'does data-analysis run? ./pitcrew status',
          },
        )
      }
      await pause(100, undefined, { signal })
    }
  }
}

async function hasSeen(gateway: Gateway, vehicleId: string, lastMs: number): Promise<boolean> {
  return ((await lastSeenMs(gateway, vehicleId)) ?? 0) >= lastMs
}

/** Device time of the last frame that was analysed; undefined for a vehicle that analysis has seen nothing of. */
export async function lastSeenMs(gateway: Gateway, vehicleId: string): Promise<number | undefined> {
  try {
    const { lastDeviceTime } = await gateway.health(vehicleId)
    return lastDeviceTime === undefined ? undefined : Date.parse(lastDeviceTime)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code === 'NOT_FOUND') return undefined
    throw failure
  }
}

export interface Findings {
  alerts: Set<string>
  cases: workflow.Case[]
  settled: boolean
}

/** What was raised and what became of it, once nothing is on its way any more or the time is over. */
export async function untilSettled({ gateway, vehicles, signal }: Settling, withinMs: number): Promise<Findings> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look(gateway, [...vehicles.keys()])
    if (found.settled || performance.now() > deadline) return found
    await pause(200, undefined, { signal })
  }
}

/** An alert's id is also its case's: a case that is still to come counts as not settled. */
async function look(gateway: Gateway, vehicleIds: readonly string[]): Promise<Findings> {
  const alerts = new Set<string>()
  const cases: workflow.Case[] = []
  for (const vehicleId of vehicleIds) {
    const { openAlerts } = await gateway.health(vehicleId)
    for (const { alertId } of openAlerts) alerts.add(alertId)
    cases.push(...(await gateway.cases({ vehicle: vehicleId, limit: 100 })))
  }
  const opened = new Set(cases.map(({ caseId }) => caseId))
  const settled = cases.every(isSettled) && [...alerts].every((id) => opened.has(id))
  for (const id of opened) alerts.add(id)
  return { alerts, cases, settled }
}
