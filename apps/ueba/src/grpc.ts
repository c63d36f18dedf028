import { ueba } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import { listAudit, verifyAudit } from './adapters/audit-log.ts'
import { listAgents, listFindings } from './adapters/behaviour.ts'
import { riskOf } from './domain/risk.ts'
import { blockAgent, releaseAgent } from './handlers/person-decides.ts'
import type { AgentState, Books } from './handlers/turn.ts'

export interface Clock {
  /** Ms since the epoch. */
  now: () => number
  newId: () => string
}

export function uebaRpc(database: Database, books: Books, halfLifeMs: number, clock: Clock): RpcService {
  const decision = (request: { actor: string; reason: string; subject: string }) => ({
    ...request,
    at: new Date(clock.now()).toISOString(),
    id: clock.newId(),
  })
  const implementation: ueba.UebaServiceServer = {
    listFindings: unary(async ({ limit }: ueba.ListFindingsRequest) => ({
      findings: await listFindings(database, listLimit(limit)),
    })),
    listProfiles: unary(async () => ({
      profiles: (await listAgents(database)).map((state) => profileOf(state, clock.now(), halfLifeMs)),
    })),
    blockAgent: unary(async (request: ueba.BlockAgentRequest) => {
      await blockAgent(books, decision(request))
      return {}
    }),
    releaseAgent: unary(async (request: ueba.ReleaseAgentRequest) => {
      await releaseAgent(books, decision(request))
      return {}
    }),
    listAuditEvents: unary(async (request: ueba.ListAuditEventsRequest) => ({
      events: await auditEvents(database, request),
    })),
    verifyAudit: unary(async () => verdictOf(database)),
  }
  return { definition: ueba.UebaServiceService, implementation }
}

function profileOf({ profile, blocked }: AgentState, now: number, halfLifeMs: number): ueba.Profile {
  const { actor, service, activities, failures, lastSeen } = profile
  const seen = lastSeen > 0 ? new Date(lastSeen).toISOString() : undefined
  return { actor, service, activities, failures, risk: riskOf(profile, now, halfLifeMs), blocked, lastSeen: seen }
}

async function auditEvents(database: Database, request: ueba.ListAuditEventsRequest): Promise<ueba.AuditEvent[]> {
  const listed = await listAudit(database, { ...request, limit: listLimit(request.limit) })
  return listed.map(({ entry: { at, classUid, actor, operation, outcome, resource }, number, hash }) => {
    return { number, at, classUid, actor, operation, outcome, resource, hash }
  })
}

async function verdictOf(database: Database): Promise<ueba.VerifyAuditResponse> {
  const verdict = await verifyAudit(database)
  const brokenAt = verdict.intact ? 0 : verdict.brokenAt
  return { intact: verdict.intact, records: verdict.head.number, brokenAt, headHash: verdict.head.hash }
}
