/** The diagnosis of an alert as it stands now, and what drivers and technicians say to it. */
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { command, get, type Route } from './route.ts'

const answerBody = z.strictObject({
  test: z.string().min(1).describe('name of a test that the diagnosis proposes'),
  yes: z.boolean(),
  note: z.string().default(''),
})

export function diagnosisRoutes({ diagnosis }: Pick<Clients, 'diagnosis'>): Route[] {
  return [
    get(
      'alerts',
      '/v1/alerts/{id}/diagnosis',
      'What it may be, what speaks for and against each, and what would tell them apart',
      ({ params }) => diagnosis.diagnoseAlert({ alertId: params.id ?? '' }),
    ),
    command(
      {
        tag: 'alerts',
        path: '/v1/alerts/{id}/diagnosis/answers',
        role: 'operator',
        summary: 'Answer a test that the diagnosis proposes',
        body: answerBody,
      },
      ({ params, caller }, body) =>
        diagnosis.answerTest({ alertId: params.id ?? '', ...body, subject: caller.subject }),
    ),
  ]
}
