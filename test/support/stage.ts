/** A platform for one test: everything real, in a folder and on ports of its own, with people and workshops that hurry. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manufacturing, scheduling, telemetry, ueba, workflow, type ServiceName } from '@pitcrew/contracts'
import { createSyntheticVehicle, inject, seedFleet, type Persona } from '@pitcrew/simulator'
import { eventually } from '@pitcrew/testing'
import { forkPlatform, type ForkedPlatform } from './forked-platform.ts'

const hurried = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  SIMULATOR_VEHICLES: '0',
  SIMULATOR_REACTION_MS: '100',
  SIMULATOR_SERVICE_MS: '300',
  ENGAGEMENT_POLL_MS: '250',
  VISITS_POLL_MS: '250',
}

export interface Stage {
  platform: ForkedPlatform
  ask<T>(path: string, body?: unknown): Promise<T>
  /** A vehicle of a customer who reacts like that. */
  owner(vehicleId: string, persona: Persona): Promise<void>
  /** Drives until an alert is raised. */
  driveUntilAlert(vehicleId: string, fault: string): Promise<void>
  cases(vehicleId: string): Promise<workflow.Case[]>
  /** The only case of the vehicle, once the condition holds. */
  theCase(vehicleId: string, holds: (one: workflow.Case) => boolean, timeoutMs?: number): Promise<workflow.Case>
  close(): Promise<void>
}

export interface StageOptions {
  env?: Record<string, string>
  /** Services that run as processes of their own and can be killed. */
  separate?: ServiceName[]
}

export async function openStage({ env = {}, separate = [] }: StageOptions = {}): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pitcrew-test-'))
  const platform = await forkPlatform({ dataDir, env: { ...hurried, ...env }, separate })
  const gateway = platform.urls.gateway as string
  const ask = async <T>(path: string, body?: unknown): Promise<T> => askAt<T>(gateway + path, body)
  const cases = async (vehicleId: string): Promise<workflow.Case[]> =>
    workflow.ListCasesResponse.fromJSON(await ask(`/v1/cases?vehicle=${vehicleId}`)).cases
  return {
    platform,
    ask,
    cases,
    async owner(vehicleId, persona) {
      await seedFleet({ gatewayUrl: gateway, vehicles: [vehicleId], persona })
    },
    driveUntilAlert: (vehicleId, fault) => driveUntilAlert(platform, vehicleId, fault, ask),
    theCase: (vehicleId, holds, timeoutMs = 60_000) =>
      eventually(
        async () => {
          const [one, ...more] = await cases(vehicleId)
          if (more.length > 0) throw new Error(`${vehicleId} has ${more.length + 1} cases`)
          if (one && holds(one)) return one
          throw new Error(
            one ? `the case is ${one.phase} ${one.status}: ${one.detail} ${one.outcome}` : `${vehicleId} has no case`,
          )
        },
        { timeoutMs },
      ),
    async close() {
      await platform.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function askAt<T>(url: string, body?: unknown): Promise<T> {
  const post = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(url, body === undefined ? {} : post)
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} of ${url}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

const driveSeconds = 7_200
const batchSeconds = 120

async function driveUntilAlert(
  platform: ForkedPlatform,
  vehicleId: string,
  fault: string,
  ask: Stage['ask'],
): Promise<void> {
  const next = createSyntheticVehicle(vehicleId)
  const overlay = inject(fault)
  await platform.declareFault(vehicleId, fault)
  let timeMs = Date.now() - driveSeconds * 1_000
  for (let driven = 0; driven < driveSeconds; driven += batchSeconds) {
    const frames = Array.from({ length: batchSeconds }, () => {
      const { timeMs: deviceTimeMs, values, dtcs } = overlay(next((timeMs += 1_000)))
      const readings = Object.entries(values).map(([name, value]) => ({ name, value, unit: '' }))
      return telemetry.RawFrame.fromPartial({
        vehicleId,
        deviceTimeMs,
        readings,
        dtcs: dtcs ?? [],
        hasDtcs: dtcs !== undefined,
      })
    })
    const body = telemetry.PublishRequest.toJSON({ frames })
    await askAt(`${platform.urls.ingest}/v1/telemetry`, body)
    const { cases } = await ask<{ cases?: unknown[] }>(`/v1/cases?vehicle=${vehicleId}`)
    if (cases && cases.length > 0) return
  }
}

/** The books after a case: what there must be exactly one of. */
export async function booksOf(
  stage: Stage,
  one: workflow.Case,
): Promise<{
  bookings: scheduling.Booking[]
  failures: manufacturing.FailureRecord[]
  audit: ueba.VerifyAuditResponse
}> {
  const { bookings } = scheduling.ListBookingsResponse.fromJSON(await stage.ask(`/v1/bookings?case=${one.caseId}`))
  const { failures } = manufacturing.ListFailuresResponse.fromJSON(await stage.ask('/v1/quality/failures'))
  const audit = ueba.VerifyAuditResponse.fromJSON(await stage.ask('/v1/audit/verify'))
  return { bookings, failures: failures.filter(({ caseId }) => caseId === one.caseId), audit }
}

/** Without the slots that were held and given back, as when a case became more urgent while the customer was asked. */
export const kept = (bookings: scheduling.Booking[]): scheduling.Booking[] =>
  bookings.filter(({ status }) => status !== 'BOOKING_STATUS_CANCELLED')
