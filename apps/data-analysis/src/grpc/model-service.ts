import { model } from '@pitcrew/contracts'
import { unary, type RpcService } from '@pitcrew/rpc'
import type { AuditRecord } from '../handlers/audit-record.ts'
import type { ModelDesk, ModelView } from '../handlers/models/model-desk.ts'
import { auditMessage, isoTime } from '../messages/vocabulary.ts'

export interface ModelDoor {
  desk: ModelDesk
  /** The latest first. */
  audit(object: string, limit: number): Promise<AuditRecord[]>
}

export function modelService({ desk, audit }: ModelDoor): RpcService {
  const implementation: model.ModelServiceServer = {
    registerModel: unary(async ({ artefact, subject }) => ({
      model: viewMessage(await desk.register(artefact, subject)),
    })),
    listModels: unary(async ({ name }) => ({ models: (await desk.list(name)).map(viewMessage) })),
    getModel: unary(async ({ name, version }) => {
      const { artefact, ...view } = await desk.get(name, version)
      return { model: viewMessage(view), artefact, audit: (await audit(`model ${name}`, 50)).map(auditMessage) }
    }),
    rollOutModel: unary(async ({ name, version, ...wish }) => ({
      model: viewMessage(await desk.rollOut(name, version, wish)),
    })),
    rollBackModel: unary(async ({ name, ...by }) => {
      const view = await desk.rollBack(name, by)
      return { model: view && viewMessage(view) }
    }),
  }
  return { definition: model.ModelServiceService, implementation }
}

const statuses = {
  registered: model.ModelStatus.REGISTERED,
  canary: model.ModelStatus.CANARY,
  stable: model.ModelStatus.STABLE,
} as const

function viewMessage({ model: stored, standing, record }: ModelView): model.ModelVersion {
  const { registeredAtMs, ...rest } = stored
  return {
    ...rest,
    registeredAt: isoTime(registeredAtMs),
    status: statuses[standing.status],
    share: standing.status === 'registered' ? 0 : standing.status === 'canary' ? standing.share : 100,
    since: standing.status === 'registered' ? undefined : isoTime(standing.sinceMs),
    record,
  }
}
