/** C1: one operation on many workflows. Each is steered by itself: what fails for one is its own result. */
import { engine } from '@pitcrew/contracts'
import { Terminal, toFailure, toWire } from '@pitcrew/errors'
import { unary } from '@pitcrew/rpc'
import { searchWorkflows } from '../adapters/workflow-search.ts'
import { failureMessage } from '../domain/workflow-message.ts'
import { ofOpen, whoever, type WorkflowRpcParts } from './parts.ts'
import { json, renamings } from './steering.ts'

const usual = 100
const most = 1_000
/** The leaders of all partitions take in parallel what comes at once. */
const sideBySide = 32

type Request = engine.OperateInBulkRequest

export function bulkRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, 'operateInBulk'> {
  return {
    operateInBulk: unary(async (request: Request) => {
      const act = operation(parts, request)
      const { ids, more } = await affected(parts, request)
      const results = new Array<engine.BulkResult>(ids.length)
      let next = 0
      const work = async (): Promise<void> => {
        for (let i = next++; i < ids.length; i = next++) {
          const workflowId = ids[i] as string
          results[i] = request.dryRun
            ? { workflowId, done: false, failure: undefined }
            : await once(parts, workflowId, act)
        }
      }
      await Promise.all(Array.from({ length: sideBySide }, work))
      return { results, more }
    }),
  }
}

async function once(
  parts: WorkflowRpcParts,
  workflowId: string,
  act: (id: string) => Promise<unknown>,
): Promise<engine.BulkResult> {
  try {
    await ofOpen(parts, workflowId, () => act(workflowId))
    return { workflowId, done: true, failure: undefined }
  } catch (error) {
    return { workflowId, done: false, failure: failureMessage(toWire(toFailure(error))) }
  }
}

/** Ids that were named are taken as they are, so that one that there is not gets its answer too. */
async function affected(
  { database }: WorkflowRpcParts,
  { filter, limit }: Request,
): Promise<{ ids: string[]; more: boolean }> {
  const bound = limit > 0 ? Math.min(limit, most) : usual
  if (!filter || isEmpty(filter)) {
    throw new Terminal('BAD_REQUEST', 'the filter is empty, expected ids or conditions', {
      hint: 'to touch all of a kind, say so: name the definition or the status',
    })
  }
  if (isEmpty({ ...filter, workflowIds: [] })) {
    const ids = [...new Set(filter.workflowIds)]
    return { ids: ids.slice(0, bound), more: ids.length > bound }
  }
  const { found, next } = await searchWorkflows(database, { ...filter, archived: false }, bound)
  return { ids: found.map(({ row }) => row.workflowId), more: next !== '' }
}

const isEmpty = (filter: engine.WorkflowFilter): boolean =>
  engine.WorkflowFilter.encode({ ...filter, archived: false }).finish().length === 0

function operation({ workflows }: WorkflowRpcParts, request: Request): (id: string) => Promise<unknown> {
  const by = whoever(request.subject)
  const { pause, resume, cancel, terminate, retry, reset, signal, migrate } = request
  if (pause) return (id) => workflows.pause({ id, reason: pause.reason, by })
  if (resume) return (id) => workflows.resume({ id, by })
  if (cancel) return (id) => workflows.cancel({ id, reason: cancel.reason, by })
  if (terminate) return (id) => workflows.terminate({ id, reason: terminate.reason, by })
  if (retry) return (id) => workflows.retry({ id, by })
  if (reset) return (id) => workflows.reset({ id, to: reset.checkpoint, reason: reset.reason, by })
  if (signal) {
    const { signal: name, signalId, payload } = signal
    if (!name || !signalId) throw new Terminal('BAD_REQUEST', 'a signal to many needs a name and a signal id')
    return (id) => workflows.signal({ id, signal: name, signalId, payload: json(payload) })
  }
  if (migrate) {
    const mapping = renamings(migrate.mapping)
    return (id) => workflows.migrate({ id, to: migrate.version, mapping, by })
  }
  throw new Terminal(
    'BAD_REQUEST',
    'no operation was named, expected one of pause, resume, cancel, terminate, retry, reset, signal, migrate',
  )
}
