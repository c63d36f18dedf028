/** F9: starts workflows. The id is the idempotency key, given in the body or as the Idempotency-Key header. */
import { Terminal, toFailure } from '@pitcrew/errors'
import { z } from 'zod'
import type { Clients } from '../../adapters/clients.ts'
import { Answer, command, type Route } from '../route.ts'
import { patience } from './patience.ts'

const startSchema = z
  .strictObject({
    id: z.string().describe('letters, digits, "-", "_" and ":", at most 200; the same start again changes nothing'),
    template: z.string().min(1).describe('name of a template: see /v1/templates'),
    definition: z.string().min(1).describe('name of a definition, where it is not started by a template'),
    version: z.int().min(0).describe('of the definition; 0 or absent is the newest'),
    input: z.unknown(),
    attributes: z.record(z.string(), z.unknown()).describe('search attributes, beside those that the template gives'),
  })
  .partial()
  .refine(({ template, definition }) => (template === undefined) !== (definition === undefined), {
    message: 'expected either a template or a definition',
  })

export function startRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  const isKnown = async (workflowId: string): Promise<boolean> => {
    try {
      await workflows.getWorkflow({ workflowId, historyAfter: 0, historyLimit: 1 }, patience)
      return true
    } catch (error) {
      if (toFailure(error).code === 'NOT_FOUND') return false
      throw error
    }
  }
  return [
    command(
      {
        path: '/v1/workflows',
        tag: 'workflows',
        role: 'operator',
        summary: 'Start a workflow: 201, or 200 where the same start was made before',
        body: startSchema,
        answer: 'pitcrew.workflow.v1.StartWorkflowResponse',
      },
      async ({ key, caller }, { id = key, template, definition, version = 0, input, attributes }) => {
        if (key !== '' && id !== key) {
          throw new Terminal('BAD_REQUEST', `the id is "${id}" and the Idempotency-Key "${key}"`, {
            hint: 'give one of them, or both the same',
          })
        }
        const again = id !== '' && (await isKnown(id))
        const request = { workflowId: id, template, definition, version, input, attributes, subject: caller.subject }
        const started = await workflows.startWorkflow(request, patience)
        const headers = { location: `/v1/workflows/${encodeURIComponent(started.workflowId)}` }
        return new Answer(started, { status: again ? 200 : 201, headers })
      },
    ),
  ]
}
