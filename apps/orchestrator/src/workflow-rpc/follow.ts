/** F3: real-time progress. Every transition of the workflows that a client follows, in order and none twice. */
import type { engine } from '@pitcrew/contracts'
import { toFailure, type Failure } from '@pitcrew/errors'
import { bidi } from '@pitcrew/rpc'
import { transitionMessage, workflowMessage } from '../domain/workflow-message.ts'
import { unknown, type WorkflowRpcParts } from './parts.ts'

/** What another instance has taken in is seen after this time at the latest. */
const patienceMs = 500
/** Read at a time, for each workflow. */
const page = 500

type Request = engine.FollowWorkflowsRequest
type Send = (response: engine.FollowWorkflowsResponse) => Promise<void>

export function followRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, 'followWorkflows'> {
  return {
    followWorkflows: bidi<Request, engine.FollowWorkflowsResponse>(async (requests, send, { signal }) => {
      const wishes = new Wishes(parts)
      void wishes.take(requests)
      while (!signal.aborted) {
        const news = wishes.next
        if (wishes.failure) throw wishes.failure
        const more = await tell(parts, wishes.followed, send)
        if (wishes.over) return
        if (more) continue
        await parts.followers.next(new Set(wishes.followed.keys()), patienceMs, AbortSignal.any([signal, news]))
      }
    }),
  }
}

/** What the client wants to follow, as it says it. */
class Wishes {
  /** Id to the number of the last transition that was told. */
  readonly followed = new Map<string, number>()
  over = false
  failure: Failure | undefined
  readonly #parts: WorkflowRpcParts
  #news = new AbortController()

  constructor(parts: WorkflowRpcParts) {
    this.#parts = parts
  }

  /** Aborts when it has said something more. */
  get next(): AbortSignal {
    return this.#news.signal
  }

  async take(requests: AsyncIterable<Request>): Promise<void> {
    try {
      for await (const request of requests) await this.#add(request)
      this.over = true
    } catch (error) {
      this.failure = toFailure(error)
    }
    this.#tell()
  }

  /** One that was started a moment ago may not be in the views yet. */
  async #add({ workflowIds, after }: Request): Promise<void> {
    const { store, workflows } = this.#parts
    for (const id of workflowIds) {
      if (!(await store.get(id))) await workflows.get(id).catch((error: unknown) => unknownOr(id, error))
      this.followed.set(id, after)
    }
    this.#tell()
  }

  #tell(): void {
    const told = this.#news
    this.#news = new AbortController()
    told.abort()
  }
}

function unknownOr(id: string, error: unknown): never {
  throw toFailure(error).code === 'NOT_FOUND' ? unknown(id, error) : error
}

/** Gives whether there is more to tell already. */
async function tell({ store }: WorkflowRpcParts, followed: Map<string, number>, send: Send): Promise<boolean> {
  let more = false
  for (const [id, last] of [...followed]) {
    const found = await store.get(id)
    if (!found || found.row.revision <= last) continue
    const steps = await store.history(found, last, page)
    for (const step of steps) await send({ workflow: workflowMessage(found), transition: transitionMessage(step) })
    const told = steps.at(-1)?.number
    if (told === undefined) continue
    followed.set(id, told)
    more ||= told < found.row.revision
  }
  return more
}
