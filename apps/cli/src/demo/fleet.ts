/** L13: many vehicles at once, some of them ill, with owners of every kind, and the statistics live. */
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { faults, seedFleet } from '@pitcrew/simulator'
import { analysis, type workflow } from '@pitcrew/contracts'
import { followEvents } from '../api/events.ts'
import type { Target } from '../api/locate.ts'
import { plain } from '../print/names.ts'
import { drive } from './drive.ts'
import { statisticsTable } from '../operate/status.ts'
import { onStage, type Stage } from './stage.ts'
import { hasEnded, toStanding } from './stations.ts'
import { tellPlatform, tellStep } from './tell-platform.ts'
import type { Teller } from './teller.ts'

/** An hour passes in a second: a customer who stays silent is written to again while one watches. */
const timeScale = 3600
const driveSeconds = 3600
const atOnce = 4
const withinMs = 5 * 60_000

export function fleet(target: Target & { vehicles: number }, teller: Teller): Promise<boolean> {
  const settings = { CASE_TIME_SCALE: String(timeScale), SIMULATOR_REACTION_MS: '50' }
  const alone = target.url === undefined
  return onStage({ target, alone, settings, onStep: tellStep(teller) }, async (stage) => {
    tellPlatform(teller, stage)
    const faultOf = await register(stage, teller, target.vehicles)
    const statistics = tellStatistics(stage, teller)
    try {
      const frames = await driveAll(stage, teller, faultOf)
      const cases = await allSettled(stage, frames)
      return tellEnd(teller, await stage.gateway.statistics(), cases)
    } finally {
      await statistics.stop()
    }
  })
}

type FaultOf = ReadonlyMap<string, string | undefined>

/** Every third vehicle stays healthy, the others get one fault after the other. */
async function register(stage: Stage, teller: Teller, count: number): Promise<FaultOf> {
  const { gateway, token, signal, platform } = stage
  const prefix = `fleet-${Date.now().toString(36)}`
  const { vehicleIds } = await seedFleet({ gatewayUrl: gateway.url, token, vehicles: count, prefix, signal })
  let next = 0
  const chosen = vehicleIds.map((_, index) => (index % 3 === 2 ? undefined : faults[next++ % faults.length]?.name))
  for (const [index, vehicleId] of vehicleIds.entries()) {
    const fault = chosen[index]
    if (fault !== undefined) platform?.simulator?.declareFault(vehicleId, fault)
  }
  teller.tell('fleet.registered', `${count} vehicles, ${next} of them with a fault that develops`, {
    vehicles: count,
    faults: next,
  })
  return new Map(vehicleIds.map((vehicleId, index) => [vehicleId, chosen[index]]))
}

/** Who is warned parks. Resolves with the frames that were accepted from each vehicle. */
async function driveAll(
  { gateway, token, ingest, signal }: Stage,
  teller: Teller,
  faultOf: FaultOf,
): Promise<Map<string, number>> {
  const frames = new Map<string, number>()
  const warned = new Set<string>()
  const alerts = await followEvents(
    gateway.url,
    {},
    ({ type, message }) => {
      if (type === 'alert.raised') warned.add(analysis.Alert.fromJSON(message).vehicleId)
    },
    { token },
  )
  const waiting = faultOf.entries()
  const driver = async () => {
    for (const [vehicleId, fault] of waiting) {
      const parked = () => warned.has(vehicleId)
      const onFrames = (accepted: number) => void frames.set(vehicleId, accepted)
      await drive({ ingest, vehicleId, fault, signal, seconds: driveSeconds, pauseMs: 0, parked, onFrames })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, driver))
  await alerts.close()
  const total = [...frames.values()].reduce((sum, count) => sum + count, 0)
  teller.tell('fleet.parked', `${total} frames accepted from ${frames.size} vehicles, ${warned.size} of them warned`, {
    frames: total,
  })
  return frames
}

/** Throws Retryable DEMO_TIMEOUT. */
async function allSettled({ gateway, signal }: Stage, frames: ReadonlyMap<string, number>): Promise<workflow.Case[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const analysed = await allAnalysed(gateway, frames)
    const cases = (await gateway.cases({ limit: 1000 })).filter(({ vehicleId }) => frames.has(vehicleId))
    const open = cases.filter((one) => !hasEnded(toStanding(one)))
    if (analysed && open.length === 0) return cases
    if (performance.now() > deadline) throw late(open)
    await pause(500, undefined, { signal })
  }
}

/** Until the last frame of each has been looked at, another case may come. */
async function allAnalysed(gateway: Stage['gateway'], frames: ReadonlyMap<string, number>): Promise<boolean> {
  for (const [vehicleId, sent] of frames) if ((await gateway.health(vehicleId)).frames < sent) return false
  return true
}

/** Once a second, when they have changed. It is only for show: what matters fails elsewhere. */
function tellStatistics({ gateway }: Stage, teller: Teller): { stop(): Promise<void> } {
  const stopped = new AbortController()
  let before = ''
  const look = async () => {
    const { total, active, completed, failed, errors, byPhase } = await gateway.statistics()
    const phases = Object.entries(byPhase).filter(([, count]) => count > 0)
    const inPhase = phases.map(([name, count]) => `${plain(name)} ${count}`)
    const words = [`${total} cases, ${active} active`, ...inPhase].join(', ')
    if (words !== before) teller.tell('statistics', words, { total, active, completed, failed, errors, byPhase })
    before = words
  }
  const telling = (async () => {
    while (!stopped.signal.aborted) {
      await look().catch(() => {})
      await pause(1_000, undefined, { signal: stopped.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await telling
    },
  }
}

function tellEnd(teller: Teller, statistics: workflow.GetStatisticsResponse, cases: readonly workflow.Case[]): boolean {
  const outcomes: Record<string, number> = {}
  const failed = cases.filter((one) => toStanding(one).status === 'FAILED')
  for (const { outcome, phase } of cases) {
    const name = outcome || plain(phase)
    outcomes[name] = (outcomes[name] ?? 0) + 1
  }
  for (const { caseId, detail } of failed) teller.tell('case.failed', `${caseId}: ${detail}`, { caseId, detail })
  teller.tell('statistics', `\n${statisticsTable(statistics)}\n`, { statistics })
  const words = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  teller.tell('done', `${cases.length} cases: ${words.join(', ')}`, {
    cases: cases.length,
    outcomes,
    failed: failed.length,
  })
  return failed.length === 0
}

function late(open: readonly workflow.Case[]): Retryable {
  const some = open.slice(0, 3).map((one) => `${one.caseId} (${plain(one.phase)}: ${one.detail})`)
  const words = `after ${withinMs / 60_000} min ${open.length} cases are open: ${some.join(', ')}`
  return new Retryable('DEMO_TIMEOUT', words, {
    hint: 'on a platform that runs people take their time: ./pitcrew cases list',
  })
}
