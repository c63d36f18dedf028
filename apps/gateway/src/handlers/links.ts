/** Customer links: GET shows the page, POST does what its button says. */
import { scheduling } from '@pitcrew/contracts'
import { statusOf, toFailure } from '@pitcrew/errors'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clients } from '../adapters/clients.ts'
import { donePage, errorPage, linkPage } from '../domain/link-page.ts'

export function linkRoutes(app: FastifyInstance, { engagement }: Pick<Clients, 'engagement'>): void {
  const options = { schema: { hide: true } } as object
  const answer = async (reply: FastifyReply, page: () => Promise<string>): Promise<FastifyReply> => {
    reply.type('text/html; charset=utf-8').headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    })
    try {
      return reply.send(await page())
    } catch (error) {
      const failure = toFailure(error)
      const known = failure.kind === 'terminal'
      const text = known ? failure.message : 'Something went wrong on our side. Please try again in a minute.'
      return reply.code(statusOf(failure).http).send(errorPage('This did not work', text))
    }
  }
  app.get<{ Params: { token: string } }>('/r/:token', options, (request, reply) =>
    answer(reply, async () => linkPage(await engagement.getLink({ token: request.params.token }))),
  )
  app.post<{ Params: { token: string }; Body: unknown }>('/r/:token', options, (request, reply) =>
    answer(reply, async () => {
      const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
      return donePage(
        await engagement.followLink({
          token: request.params.token,
          preference: preferenceOf(form),
          rating: Number(form.get('rating') ?? 0) || 0,
          problemSolved: form.get('problemSolved') === 'true',
          comment: (form.get('comment') ?? '').slice(0, 2_000),
        }),
      )
    }),
  )
}

function preferenceOf(form: URLSearchParams): scheduling.Preference | undefined {
  const notBefore = form.get('notBefore')
  const dayParts = form.getAll('dayParts').filter((part) => part === 'morning' || part === 'afternoon')
  if (!notBefore && dayParts.length === 0) return undefined
  const date = notBefore ? new Date(notBefore) : undefined
  const valid = date !== undefined && !Number.isNaN(date.getTime())
  return scheduling.Preference.fromPartial({ dayParts, ...(valid && { notBefore: date.toISOString() }) })
}
