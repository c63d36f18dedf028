import { Retryable, toFailure } from '@pitcrew/errors'
import { partitionOf, type Messaging } from '@pitcrew/messaging'
import type { View, WorkflowState } from '@pitcrew/workflow'
import { encode, unwrap, type Request } from './inbox.ts'
import { inboxSubject } from './streams.ts'

type WithoutOp<T> = T extends { op: string } ? Omit<T, 'op'> : never
type Ask<Op extends Request['op']> = WithoutOp<Extract<Request, { op: Op }>>

/** Starts and steers workflows, wherever their partition is led. Each call resolves when what it asks is durable. */
export interface WorkflowClient {
  start(request: Ask<'start'>): Promise<void>
  signal(request: Ask<'signal'>): Promise<void>
  pause(request: Ask<'pause'>): Promise<void>
  resume(request: Ask<'resume'>): Promise<void>
  cancel(request: Ask<'cancel'>): Promise<void>
  retry(request: Ask<'retry'>): Promise<void>
  /** @throws Terminal NOT_FOUND when it is not open */
  get(id: string): Promise<{ state: WorkflowState; view: View }>
}

export interface ClientOptions {
  messaging: Messaging
  partitions: number
  /** How long to look for a leader while a partition moves, milliseconds. */
  patienceMs?: number
}

export function workflowClient({ messaging, partitions, patienceMs = 10_000 }: ClientOptions): WorkflowClient {
  const ask = async (id: string, request: Request): Promise<ReturnType<typeof unwrap>> => {
    const subject = inboxSubject(partitionOf(id, partitions))
    const giveUpAt = Date.now() + patienceMs
    for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
      try {
        return unwrap(await messaging.request(subject, encode(request), { timeoutMs: 5_000 }))
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
  return {
    start: async (request) => void (await ask(request.id, { op: 'start', ...request })),
    signal: async (request) => void (await ask(request.id, { op: 'signal', ...request })),
    pause: async (request) => void (await ask(request.id, { op: 'pause', ...request })),
    resume: async (request) => void (await ask(request.id, { op: 'resume', ...request })),
    cancel: async (request) => void (await ask(request.id, { op: 'cancel', ...request })),
    retry: async (request) => void (await ask(request.id, { op: 'retry', ...request })),
    get: async (id) => {
      const { workflow } = await ask(id, { op: 'get', id })
      if (!workflow) throw new Retryable('BAD_REPLY', `the leader did not say what ${id} is`)
      return workflow
    },
  }
}
