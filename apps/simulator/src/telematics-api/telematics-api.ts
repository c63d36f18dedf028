/**
 * Telematics providers, all with the same fleet behind them: Pitcrew's own form of a feed at the root, ISO 15143-3 below `/iso15143`
 * and a feed in the manner of Samsara below `/samsara`. They limit the rate (429 with Retry-After), forget (410 for a cursor whose
 * frames were dropped) and can be made to misbehave.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import type { Fleet } from '../vehicles/fleet.ts'
import { fleetReports } from './fleet-reports.ts'
import { guard } from './guard.ts'
import { iso15143 } from './iso15143.ts'
import { ownFeed } from './own-feed.ts'
import { samsara } from './samsara.ts'
import { troubleSwitch, type TroubleSwitch } from './trouble.ts'

export interface TelematicsApiOptions {
  fleet: Fleet
  host: string
  port: number
  now: () => number
  /** Frames that are kept for readers that fall behind. */
  keepFrames?: number
  /** Of each API. */
  requestsPerSecond?: number
  burst?: number
  /** Machines, or fault codes, on a page of ISO 15143-3. */
  machinesPerPage?: number
  /** Reports on a page of the feed in the manner of Samsara. */
  reportsPerPage?: number
  /** What ISO 15143-3 and Samsara want as Authorization; nothing when absent. */
  authorization?: string
}

export interface TelematicsApi {
  port: number
  trouble: Pick<TroubleSwitch, 'set'>
  stop(): Promise<void>
}

export async function startTelematicsApi(options: TelematicsApiOptions): Promise<TelematicsApi> {
  const { fleet, host, port, now, keepFrames = 50_000, machinesPerPage = 100, reportsPerPage = 1_000 } = options
  const { requestsPerSecond = 20, burst = 40, authorization } = options
  const reports = fleetReports(fleet, randomUUID().replaceAll('-', ''), keepFrames)
  const trouble = troubleSwitch()
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 200 } })

  const rate = { trouble, now, requestsPerSecond, burst }
  const api = (prefix: string, authorized: string | undefined, routes: (scope: FastifyInstance) => void) =>
    app.register(
      async (scope) => {
        scope.addHook('onRequest', guard({ ...rate, authorization: authorized }))
        routes(scope)
      },
      { prefix },
    )
  void api('', undefined, (scope) => ownFeed(scope, reports, now))
  void api('/iso15143', authorization, (scope) => iso15143(scope, reports, now, machinesPerPage))
  void api('/samsara', authorization, (scope) => samsara(scope, reports, now, reportsPerPage))

  await app.listen({ host, port })
  return { port: (app.server.address() as AddressInfo).port, trouble, stop: () => app.close() }
}
