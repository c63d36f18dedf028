/** L13: many vehicles at once, some of them ill, with owners of every kind, and the statistics live. */
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { faults, seedFleet } from '@pitcrew/simulator'
import type { workflow } from '@pitcrew/contracts'
import type { Target } from '../api/locate.ts'
import { plain } from '../print/names.ts'
import { drive } from './drive.ts'
import { statisticsTable } from '../operate/status.ts'
import { onStage, type Stage } from './stage.ts'
import { hasEnded, toStanding } from './stations.ts'
import { tellPlatform, tellStep } from './tell-platform.ts'
import type { Teller } from './teller.ts'

/** Half an hour passes in a second: a customer who stays silent is written to again while one watches. */
const timeScale = 1800
const driveSeconds = 90 * 60
const atOnce = 4
const withinMs = 6 * 60_000

export function fleet(target: Target & { vehicles: number }, teller: Teller): Promise<boolean> {
  const settings = { CASE_TIME_SCALE: String(timeScale), SIMULATOR_REACTION_MS: '100' }
  return onStage({ target, alone: target.url === undefined, settings, onStep: tellStep(teller) }, async (stage) => {
    tellPlatform(teller, stage)
    const ill = await register(stage, teller, target.vehicles)
    const telling = tellStatistics(stage, teller)
    try {
      await driveAll(stage, teller, ill)
      const cases = await allSettled(stage, [...ill.keys()])
      return tellEnd(teller, await stage.gateway.statistics(), cases)
    } finally {
      telling.stop()
    }
  })
}

/** Every third vehicle stays healthy, the others get one fault after the other. */
async function register(
  { gateway, token, signal, platform }: Stage,
  teller: Teller,
  count: number,
): Promise<Map<string, string | undefined>> {
  const prefix = `fleet-${Date.now().toString(36)}`
  const seeded = await seedFleet({ gatewayUrl: gateway.url, token, vehicles: count, prefix, signal })
  const ill = new Map<string, string | undefined>()
  for (const [index, vehicleId] of seeded.vehicleIds.entries()) {
    const fault = index % 3 === 2 ? undefined : faults[(index - Math.floor(index / 3)) % faults.length]?.name
    ill.set(vehicleId, fault)
    if (fault !== undefined) platform?.simulator?.declareFault(vehicleId, fault)
  }
  const sick = [...ill.values()].filter((fault) => fault !== undefined).length
  teller.tell('fleet.registered', `${count} vehicles, ${sick} of them with a fault that develops`, {
    vehicles: count,
    faults: sick,
  })
  return ill
}

async function driveAll(
  { ingest, signal }: Stage,
  teller: Teller,
  ill: Map<string, string | undefined>,
): Promise<void> {
  const waiting = ill.entries()
  let frames = 0
  const driver = async () => {
    for (const [vehicleId, fault] of waiting) {
      frames += await drive({
        ingest,
        vehicleId,
        fault,
        signal,
        seconds: driveSeconds,
        pauseMs: 0,
        parked: () => false,
        onFrames: () => {},
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, driver))
  teller.tell('fleet.parked', `${frames} frames accepted from ${ill.size} vehicles`, { frames })
}

/** Throws Retryable DEMO_TIMEOUT. */
async function allSettled({ gateway, signal }: Stage, vehicleIds: readonly string[]): Promise<workflow.Case[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const analysed = await allAnalysed(gateway, vehicleIds)
    const cases = (await gateway.cases({ limit: 1000 })).filter(({ vehicleId }) => vehicleIds.includes(vehicleId))
    const open = cases.filter((one) => !hasEnded(toStanding(one)))
    if (analysed && open.length === 0) return cases
    if (performance.now() > deadline) throw late(open)
    await pause(500, undefined, { signal })
  }
}

/** Until the last frame of each has been looked at, another case may come. */
async function allAnalysed(gateway: Stage['gateway'], vehicleIds: readonly string[]): Promise<boolean> {
  for (const vehicleId of vehicleIds) if ((await gateway.health(vehicleId)).frames < driveSeconds) return false
  return true
}

function tellStatistics({ gateway, signal }: Stage, teller: Teller): { stop(): void } {
  let stopped = false
  let before = ''
  const telling = async () => {
    while (!stopped && !signal.aborted) {
      const { total, active, completed, failed, errors, byPhase } = await gateway.statistics()
      const phases = Object.entries(byPhase).filter(([, count]) => count > 0)
      const words = [
        `${total} cases, ${active} active, ${completed} completed`,
        ...phases.map(([name, count]) => `${plain(name)} ${count}`),
      ].join(', ')
      if (words !== before) teller.tell('statistics', words, { total, active, completed, failed, errors, byPhase })
      before = words
      await pause(1_000)
    }
  }
  // It is only for show: what matters fails elsewhere.
  void telling().catch(() => {})
  return { stop: () => void (stopped = true) }
}

function tellEnd(teller: Teller, statistics: workflow.GetStatisticsResponse, cases: readonly workflow.Case[]): boolean {
  const outcomes: Record<string, number> = {}
  for (const { outcome, phase } of cases)
    outcomes[outcome || plain(phase)] = (outcomes[outcome || plain(phase)] ?? 0) + 1
  const failed = cases.filter((one) => toStanding(one).status === 'FAILED').length
  teller.tell('statistics', `\n${statisticsTable(statistics)}\n`, { statistics })
  const words = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  teller.tell('done', `${cases.length} cases: ${words.join(', ')}`, { cases: cases.length, outcomes, failed })
  return failed === 0
}

function late(open: readonly workflow.Case[]): Retryable {
  const some = open.slice(0, 3).map((one) => `${one.caseId} (${plain(one.phase)})`)
  return new Retryable(
    'DEMO_TIMEOUT',
    `after ${withinMs / 60_000} min ${open.length} cases are open: ${some.join(', ')}`,
    {
      hint: 'on a platform that runs people take their time: ./pitcrew cases list',
    },
  )
}
