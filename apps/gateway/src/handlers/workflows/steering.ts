/** F3, C1: what people do to one workflow. Who asks is who the gateway has established, never what a body says. */
import { engine } from '@pitcrew/contracts'
import { z } from 'zod'
import type { Clients } from '../../adapters/clients.ts'
import type { Role } from '../../domain/roles.ts'
import { command, type Asked, type Route } from '../route.ts'
import { patience } from './patience.ts'

const reason = z.string().max(2_000).describe('why, for the record')
const name = z.string().min(1)
const payload = z.unknown()
const idempotent = 'idempotency key; the Idempotency-Key header does as well'

export const mapping = z
  .record(z.string(), z.string().nullable())
  .describe('old node id to new one, or to null for a node that is gone; what keeps its id needs no entry')

const bodies = {
  none: z.strictObject({}),
  reason: z.strictObject({ reason }).partial(),
  signal: z.strictObject({
    signal: name,
    signalId: z.string().describe(idempotent).optional(),
    payload: payload.optional(),
  }),
  query: z.strictObject({ name }),
  update: z.strictObject({ name, updateId: z.string().describe(idempotent).optional(), payload: payload.optional() }),
  reset: z.strictObject({ checkpoint: name.describe('one of those that GET gives'), reason: reason.min(1) }),
  migrate: z.strictObject({ version: z.int().positive(), mapping: mapping.optional() }),
}

const idOf = ({ params }: Asked): string => params.id ?? ''

export function steeringRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  /** POST /v1/workflows/{id}/<verb> */
  const steer = <S extends z.ZodType>(
    verb: string,
    role: Role,
    summary: string,
    body: S,
    act: (common: { workflowId: string; subject: string }, body: z.output<S>, asked: Asked) => Promise<unknown>,
  ): Route =>
    command({ path: `/v1/workflows/{id}/${verb}`, tag: 'workflows', role, summary, body }, (asked, given) =>
      act({ workflowId: idOf(asked), subject: asked.caller.subject }, given, asked),
    )
  return [
    steer('signals', 'operator', 'Tell it something that it waits for', bodies.signal, (common, given, { key }) =>
      workflows.signalWorkflow(
        engine.SignalWorkflowRequest.fromPartial({ ...common, signalId: key, ...given }),
        patience,
      ),
    ),
    steer('query', 'viewer', 'Read what its definition declares as a query', bodies.query, ({ workflowId }, given) =>
      workflows.queryWorkflow({ workflowId, name: given.name }, patience),
    ),
    steer(
      'updates',
      'operator',
      'Change what its definition declares as an update',
      bodies.update,
      (common, given, { key }) =>
        workflows.updateWorkflow(
          engine.UpdateWorkflowRequest.fromPartial({ ...common, updateId: key, ...given }),
          patience,
        ),
    ),
    steer('pause', 'operator', 'Start nothing new until it is resumed', bodies.reason, (common, { reason = '' }) =>
      workflows.pauseWorkflow({ ...common, reason }, patience),
    ),
    steer('resume', 'operator', 'Go on after a pause', bodies.none, (common) =>
      workflows.resumeWorkflow(common, patience),
    ),
    steer('cancel', 'operator', 'Undo what was done, then end', bodies.reason, (common, { reason = '' }) =>
      workflows.cancelWorkflow({ ...common, reason }, patience),
    ),
    steer('terminate', 'admin', 'End at once and undo nothing', bodies.reason, (common, { reason = '' }) =>
      workflows.terminateWorkflow({ ...common, reason }, patience),
    ),
    steer('retry', 'operator', 'Go on from the point of failure', bodies.none, (common) =>
      workflows.retryWorkflow(common, patience),
    ),
    steer('reset', 'operator', 'Undo what came after a checkpoint and run it anew', bodies.reset, (common, given) =>
      workflows.resetWorkflow({ ...common, ...given }, patience),
    ),
    steer('migrate', 'admin', 'Move it to another version of its definition', bodies.migrate, (common, given) =>
      workflows.migrateWorkflow({ ...common, version: given.version, mapping: given.mapping }, patience),
    ),
  ]
}
