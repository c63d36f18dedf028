/**
 * F3: the transitions of a workflow as they happen, as server-sent events.
 * 1. The id of an event is the number of its transition, so a reader that comes back with Last-Event-ID misses none and is
 *    told none twice.
 * 2. A reader that is slow is told later: nothing is kept for it here.
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { engine } from '@pitcrew/contracts'
import { problemOf, toFailure } from '@pitcrew/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clients } from '../../adapters/clients.ts'
import { requireRole } from '../../domain/api-keys.ts'
import type { Caller } from '../../domain/roles.ts'
import type { EventFeed } from '../event-feed.ts'
import { count } from '../query.ts'
import { patience } from './patience.ts'

interface Parts {
  clients: Pick<Clients, 'workflows'>
  feed: EventFeed
}

interface Wanted {
  Params: { id: string }
  Querystring: { after?: string }
}

const schema = {
  tags: ['workflows'],
  summary: 'Its transitions as they happen (text/event-stream)',
  description:
    'Role: viewer. Events `transition`, whose data is the JSON form of pitcrew.workflow.v1.FollowWorkflowsResponse and whose id is the number of the transition; a reader that reconnects with Last-Event-ID goes on after it.',
  params: { type: 'object', properties: { id: { type: 'string', description: 'id' } } },
  querystring: {
    type: 'object',
    properties: { after: { type: 'string', description: 'only transitions after this number; default all' } },
  },
}

export function addFollowing(
  app: FastifyInstance,
  { clients: { workflows }, feed }: Parts,
  caller: (request: FastifyRequest) => Caller,
): void {
  app.get<Wanted>('/v1/workflows/:id/events', { schema }, async (request, reply) => {
    requireRole(caller(request), 'viewer')
    const workflowId = request.params.id
    const after = count(lastEventId(request) ?? request.query.after, 0)
    // Refused here, while it can still be said in an answer.
    await workflows.getWorkflow({ workflowId, historyAfter: after, historyLimit: 1 }, patience)
    feed.admit(reply.raw)
    reply.hijack()
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const call = workflows.followWorkflows({ signal: gone.signal })
    try {
      await call.send({ workflowIds: [workflowId], after })
      for await (const told of call.responses) await tell(reply.raw, told, gone.signal)
    } catch (error) {
      if (!gone.signal.aborted) sendFailure(reply.raw, error)
    } finally {
      call.cancel()
      reply.raw.end()
    }
  })
}

function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id']
  return typeof id === 'string' ? id : undefined
}

async function tell(response: ServerResponse, told: engine.FollowWorkflowsResponse, gone: AbortSignal): Promise<void> {
  const chunk = `id: ${told.transition?.number ?? 0}\nevent: transition\ndata: ${JSON.stringify(told)}\n\n`
  if (!response.write(chunk)) await once(response, 'drain', { signal: gone })
}

/** The reader comes back by itself; until then this says why it was let go. */
function sendFailure(response: ServerResponse, error: unknown): void {
  response.write(`event: problem\ndata: ${JSON.stringify(problemOf(toFailure(error)).body)}\n\n`)
}
