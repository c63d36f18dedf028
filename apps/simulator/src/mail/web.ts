import { fastify, type FastifyInstance } from 'fastify'
import type { ReceivedMail } from './received-mail.ts'
import { escapeHtml, listPage, mailPage } from './pages.ts'

/** `/` lists, `/mails/<id>` shows one, `/messages` is all of it as JSON (`?to=<address>` for one mailbox). */
export function mailWeb(mails: () => readonly ReceivedMail[]): FastifyInstance {
  const web = fastify({ forceCloseConnections: true })

  web.addHook('onSend', async (_request, reply) => {
    // What mails hold was written by others: it may neither run scripts nor fetch anything.
    void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
    void reply.header('x-content-type-options', 'nosniff')
  })
  web.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(listPage(mails())))
  web.get<{ Params: { id: string } }>('/mails/:id', async ({ params }, reply) => {
    const mail = mails().find(({ id }) => String(id) === params.id)
    void reply.type('text/html; charset=utf-8')
    if (mail !== undefined) return reply.send(mailPage(mail))
    return reply
      .code(404)
      .send(`<p>There is no mail ${escapeHtml(params.id)} here, or no longer. <a href="/">All mails</a></p>`)
  })
  web.get<{ Querystring: { to?: string } }>('/messages', async ({ query }) => {
    const { to } = query
    return { messages: mails().filter((mail) => to === undefined || mail.to.includes(to)) }
  })
  return web
}
