import { problemOf } from '@pitcrew/errors'
import type { FastifyReply } from 'fastify'

export function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, body } = problemOf(error)
  return reply.code(status).headers(headers).send(body)
}
