/**
 * F3: answers approvals.
 * 1. It takes the role approver, and admin where the approval says that it is for admins.
 */
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import type { Clients } from '../../adapters/clients.ts'
import { requireRole } from '../../domain/api-keys.ts'
import { roles, type Caller } from '../../domain/roles.ts'
import { command, type Asked, type Route } from '../route.ts'
import { patience } from './patience.ts'

const body = z.strictObject({
  approved: z.boolean(),
  comment: z.string().max(2_000).optional(),
  decisionId: z.string().describe('idempotency key; the Idempotency-Key header does as well').optional(),
})

export function approvalRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  const mayDecide = async (caller: Caller, workflowId: string, path: string): Promise<void> => {
    const { approvals } = await workflows.getWorkflow({ workflowId, historyAfter: 0, historyLimit: 1 }, patience)
    const asked = approvals.filter((one) => path === '' || one.path === path)
    for (const role of roles) if (asked.some(({ approvers }) => approvers === role)) requireRole(caller, role)
    if (asked.length > 0 || approvals.length === 0) return
    throw new Terminal('NOT_FOUND', `workflow ${workflowId} does not wait for the approval "${path}"`, {
      hint: `it waits for ${approvals.map((one) => one.path).join(', ')}`,
    })
  }
  const decide = async ({ params, caller, key }: Asked, given: z.output<typeof body>): Promise<unknown> => {
    const { id: workflowId = '', path = '' } = params
    await mayDecide(caller, workflowId, path)
    const { approved, comment = '', decisionId = key } = given
    return workflows.decideApproval(
      { workflowId, path, approved, comment, decisionId, subject: caller.subject },
      patience,
    )
  }
  const common = { tag: 'workflows', role: 'approver', body } as const
  return [
    command(
      { ...common, path: '/v1/workflows/{id}/approvals', summary: 'Answer the one approval that it waits for' },
      decide,
    ),
    command(
      {
        ...common,
        path: '/v1/workflows/{id}/approvals/{path}',
        summary: 'Answer an approval by the path of its node (a slash in it is %2F)',
      },
      decide,
    ),
  ]
}
