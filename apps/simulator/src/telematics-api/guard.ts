/** What stands before every request: the trouble of the moment, the credentials, the rate. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { rateLimit } from './rate-limit.ts'
import type { Trouble, TroubleSwitch } from './trouble.ts'

export interface GuardOptions {
  trouble: TroubleSwitch
  now: () => number
  requestsPerSecond: number
  burst: number
  /** What the Authorization header has to be; anything goes when absent. */
  authorization?: string | undefined
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/** One for each API: their rates are apart. */
export function guard({ trouble, now, requestsPerSecond, burst, authorization }: GuardOptions): Guard {
  const mayPass = rateLimit(requestsPerSecond, burst)
  return async (request, reply) => {
    const current = trouble.take()
    if (current !== 'none') return misbehave(current, reply)
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return reply.code(401).send({ error: 'unauthorized' })
    const wait = mayPass(now())
    if (wait === 0) return undefined
    return reply.code(429).header('retry-after', wait).send({ error: 'rate limit', retryAfterSeconds: wait })
  }
}

function misbehave(trouble: Exclude<Trouble, 'none'>, reply: FastifyReply): FastifyReply {
  switch (trouble) {
    case 'error':
      return reply.code(500).send({ error: 'out of order' })
    case 'garbage':
      return reply.type('application/json').send('{"frames": [nonsense')
    case 'hang':
      // Never answered: the reader's own timeout must end it.
      return reply.hijack()
    case 'disconnect':
      reply.hijack().raw.destroy()
      return reply
  }
}
