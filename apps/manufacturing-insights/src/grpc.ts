import { manufacturing } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import { capaReport, listCapas } from './adapters/capa-store.ts'
import { listFailures } from './adapters/failure-store.ts'
import { summarise } from './adapters/summary.ts'

export function manufacturingRpc(database: Database, now: () => string): RpcService {
  const implementation: manufacturing.ManufacturingServiceServer = {
    getSummary: unary(async () => summarise(database)),
    listFailures: unary(async ({ limit }: manufacturing.ListFailuresRequest) => ({
      failures: await listFailures(database, listLimit(limit)),
    })),
    listCapas: unary(async ({ limit }: manufacturing.ListCapasRequest) => ({
      capas: await listCapas(database, listLimit(limit), now()),
    })),
    getCapa: unary(async ({ capaId }: manufacturing.GetCapaRequest) => ({
      capa: await capaReport(database, capaId, now()),
    })),
  }
  return { definition: manufacturing.ManufacturingServiceService, implementation }
}
