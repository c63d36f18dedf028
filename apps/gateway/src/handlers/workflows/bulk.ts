/** C1: one operation on many workflows, each with a result of its own. */
import { engine } from '@pitcrew/contracts'
import { z } from 'zod'
import type { Clients } from '../../adapters/clients.ts'
import { command, type Route } from '../route.ts'
import { filterSchema } from './filter.ts'
import { mapping } from './steering.ts'

const reason = z.strictObject({ reason: z.string().max(2_000).optional() })
const name = z.string().min(1)

const operations = {
  pause: reason,
  resume: z.strictObject({}),
  cancel: reason,
  terminate: reason,
  retry: z.strictObject({}),
  reset: z.strictObject({ checkpoint: name, reason: z.string().min(1).max(2_000) }),
  signal: z.strictObject({ signal: name, signalId: name, payload: z.unknown().optional() }),
  migrate: z.strictObject({ version: z.int().positive(), mapping: mapping.optional() }),
}
const known = Object.keys(operations) as (keyof typeof operations)[]

const body = z
  .strictObject({
    filter: filterSchema.describe('which: never empty, so that nobody touches all of them by oversight'),
    limit: z.int().min(0).max(1_000).describe('most that may be touched; 0 or absent is 100').optional(),
    dryRun: z.boolean().describe('tells what would be touched, and touches nothing').optional(),
    ...z.object(operations).partial().shape,
  })
  .refine((given) => known.filter((one) => given[one] !== undefined).length === 1, {
    message: `expected exactly one operation: ${known.join(', ')}`,
  })

/** A thousand of them, thirty-two at a time. */
const deadlineMs = 60_000

export function bulkRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  return [
    command(
      {
        path: '/v1/workflows:bulk',
        tag: 'workflows',
        role: 'admin',
        summary: 'One operation on many workflows, with a result for each',
        body,
        answer: 'pitcrew.workflow.v1.OperateInBulkResponse',
      },
      ({ caller, signal }, given) =>
        workflows.operateInBulk(engine.OperateInBulkRequest.fromPartial({ ...given, subject: caller.subject }), {
          deadlineMs,
          signal,
        }),
    ),
  ]
}
