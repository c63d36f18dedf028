import { Retryable, Terminal, toFailure } from '@pitcrew/errors'
import { partitionOf, type Messaging } from '@pitcrew/messaging'
import type { Ending, Json, View, WorkflowState } from '@pitcrew/workflow'
import { encode, unwrap, type Answer, type Asked, type Request } from './inbox.ts'
import { inboxSubject } from './streams.ts'

/** What an event of this type says, with the id of the workflow it is for. */
type Ask<Type extends Asked['type']> = { id: string } & (Extract<Asked, { type: Type }> extends infer E
  ? Omit<E, 'type'>
  : never)

/**
 * Starts, steers and asks workflows, wherever their partition is led. A call that changes something resolves when the change
 * is durable, and may be made again without harm.
 */
export interface WorkflowClient {
  /** The id is the idempotency key: a second start under the same id changes nothing. */
  start(request: Ask<'started'>): Promise<void>
  signal(request: Ask<'signalled'>): Promise<void>
  /** Decides an approval that a workflow waits for. */
  decide(request: Ask<'decided'>): Promise<void>
  /** Gives what the definition's update says. */
  update(request: Ask<'updated'>): Promise<Json>
  query(request: { id: string; name: string }): Promise<Json>
  pause(request: Ask<'paused'>): Promise<void>
  resume(request: Ask<'resumed'>): Promise<void>
  /** Undoes what was done, then ends. */
  cancel(request: Ask<'cancelled'>): Promise<void>
  /** Ends at once and undoes nothing. */
  terminate(request: Ask<'terminated'>): Promise<void>
  /** Goes on from the point of failure. */
  retry(request: Ask<'retried'>): Promise<void>
  reset(request: Ask<'reset'>): Promise<void>
  migrate(request: Ask<'migrated'>): Promise<void>
  /** How it ended, as soon as it has. @throws Retryable DEADLINE_EXCEEDED when it has not by then */
  result(request: { id: string; timeoutMs: number }): Promise<Ending>
  /** @throws Terminal NOT_FOUND when it is not open */
  get(id: string): Promise<{ state: WorkflowState; view: View }>
}

export interface ClientOptions {
  messaging: Messaging
  partitions: number
  /** How long to look for a leader while a partition moves, milliseconds. */
  patienceMs?: number
}

const answerWithinMs = 5_000
/** One request for a result is held no longer, so that it is asked anew of whoever leads by then. */
const holdMs = 3_000

export const patienceMs = 10_000

export function workflowClient(options: ClientOptions): WorkflowClient {
  const ask = askLeader(options)
  return clientOver((request) => patiently(request.id, options.patienceMs ?? patienceMs, () => ask(request)))
}

/** One question to whoever leads the workflow's partition now. */
export function askLeader({ messaging, partitions }: ClientOptions): (request: Request) => Promise<Answer> {
  const options = { timeoutMs: answerWithinMs, template: 'workflow.inbox.{partition}' }
  return async (request) =>
    unwrap(await messaging.request(inboxSubject(partitionOf(request.id, partitions)), encode(request), options))
}

/** The same client over any way of asking a leader. */
export function clientOver(ask: (request: Request) => Promise<Answer>): WorkflowClient {
  const submit =
    <Type extends Asked['type']>(type: Type) =>
    async ({ id, ...fields }: Ask<Type>): Promise<void> =>
      void (await ask({ op: 'submit', id, event: { type, ...fields } as unknown as Asked }))
  return {
    start: submit('started'),
    signal: submit('signalled'),
    decide: submit('decided'),
    update: async ({ id, ...fields }) =>
      valueOf(await ask({ op: 'update', id, event: { type: 'updated', ...fields } })),
    query: async ({ id, name }) => valueOf(await ask({ op: 'query', id, name })),
    pause: submit('paused'),
    resume: submit('resumed'),
    cancel: submit('cancelled'),
    terminate: submit('terminated'),
    retry: submit('retried'),
    reset: submit('reset'),
    migrate: submit('migrated'),
    result: ({ id, timeoutMs }) => awaitEnding(ask, id, timeoutMs),
    get: async (id) => {
      const answer = await ask({ op: 'get', id })
      if (answer.is !== 'workflow') throw badReply(answer)
      return { state: answer.state, view: answer.view }
    },
  }
}

async function awaitEnding(ask: (request: Request) => Promise<Answer>, id: string, timeoutMs: number): Promise<Ending> {
  const giveUpAt = Date.now() + timeoutMs
  for (;;) {
    const left = giveUpAt - Date.now()
    const answer = await ask({ op: 'result', id, waitMs: Math.max(0, Math.min(holdMs, left)) })
    if (answer.is === 'ending') return answer.ending
    if (answer.is !== 'open') throw badReply(answer)
    if (left <= holdMs) throw new Retryable('DEADLINE_EXCEEDED', `workflow ${id} has not ended within ${timeoutMs} ms`)
  }
}

/** Asks until somebody leads. */
export async function patiently<T>(id: string, patienceMs: number, act: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + patienceMs
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    try {
      return await act()
    } catch (error) {
      const failure = toFailure(error)
      if (failure.kind !== 'retryable') throw failure
      if (Date.now() + pauseMs > giveUpAt) {
        throw new Retryable('NO_LEADER', `nobody leads the partition of ${id}: ${failure.message}`, {
          cause: failure,
          hint: 'is an orchestrator running?',
        })
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

function valueOf(answer: Answer): Json {
  if (answer.is !== 'value') throw badReply(answer)
  return answer.value
}

const badReply = ({ is }: Answer): Terminal =>
  new Terminal('BAD_REPLY', `the leader answered with "${is}", which was not asked`, {
    hint: 'do all orchestrators run the same version?',
  })
