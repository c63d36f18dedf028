/** The models of data-analysis: kept in versions, tried on some vehicles, rolled out and back. */
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { command, get, type Route } from './route.ts'

const rolloutBody = z.strictObject({
  version: z.string().min(1),
  share: z.number().describe('percent of the vehicles, above 0; 100 for all'),
  reason: z.string().default(''),
  skipCanary: z.boolean().default(false).describe('to all untried; needs a reason'),
})

/** Less than a message between services may be: an artefact is quoted in it. */
const mostArtefactBytes = 7 * 1024 ** 2

export function modelRoutes({ models }: Pick<Clients, 'models'>): Route[] {
  return [
    get(
      'models',
      '/v1/models',
      'Models, whom they serve, and what those vehicles have met since',
      ({ query }) => models.listModels({ name: query.name ?? '' }),
      { name: 'only versions of this one' },
    ),
    get(
      'models',
      '/v1/models/{name}/{version}',
      'One version with its artefact and what was done with it',
      ({ params }) => models.getModel({ name: params.name ?? '', version: params.version ?? '' }),
    ),
    command(
      {
        tag: 'models',
        path: '/v1/models',
        maxBodyBytes: mostArtefactBytes,
        role: 'admin',
        summary: 'Register what ./pitcrew train wrote; it serves nobody yet',
        body: z.strictObject({ artefact: z.string().min(1).describe('the file’s text') }),
      },
      ({ caller }, { artefact }) => models.registerModel({ artefact, subject: caller.subject }),
    ),
    command(
      {
        tag: 'models',
        path: '/v1/models/{name}/rollout',
        role: 'approver',
        summary: 'Let a version serve a share of the vehicles, or all',
        body: rolloutBody,
      },
      ({ params, caller }, body) => models.rollOutModel({ ...body, name: params.name ?? '', subject: caller.subject }),
    ),
    command(
      {
        tag: 'models',
        path: '/v1/models/{name}/rollback',
        role: 'operator',
        summary: 'End a canary, or go back to what served before',
        body: z.strictObject({ reason: z.string().default('') }),
      },
      ({ params, caller }, { reason }) =>
        models.rollBackModel({ name: params.name ?? '', subject: caller.subject, reason }),
    ),
  ]
}
