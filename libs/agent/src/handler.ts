import type { Capability } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { SharedContext } from './context/index.ts'
import type { Logger } from '@pitcrew/observability'

export interface TaskContext {
  /** The same for every attempt and delivery: the idempotency key of what the task does. */
  readonly taskId: string
  readonly workflowId: string
  /** 1 the first time. */
  readonly attempt: number
  /** ISO 8601. */
  readonly deadline: string
  /** Aborts when the deadline has passed or the agent must stop. */
  readonly signal: AbortSignal
  /** Says how far the task is, 0 to 100; shown to people. */
  progress(percent: number, note?: string): void
  /** What the agents of this workflow share. */
  readonly context: SharedContext
  readonly logger: Logger
}

/** What an agent does for one capability, between the bytes of a task and those of its result. */
export interface Handler {
  readonly capability: string
  readonly timeoutMs: number
  readonly invoke: (input: Uint8Array, task: TaskContext) => Promise<Uint8Array>
}

/**
 * The input is the capability's request, in proto3 JSON; the result is its response with every field present. Terminal
 * BAD_INPUT for what is no such request.
 */
export function handle<I, O>(capability: Capability<I, O>, fn: (input: I, task: TaskContext) => Promise<O>): Handler {
  return {
    capability: capability.name,
    timeoutMs: capability.timeoutMs,
    async invoke(input, task) {
      const output = await fn(readInput(capability, input), task)
      return new TextEncoder().encode(JSON.stringify(output))
    },
  }
}

function readInput<I, O>({ name, request }: Capability<I, O>, input: Uint8Array): I {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(input))
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new TypeError(`found ${JSON.stringify(json)}`)
    return request.fromJSON(json)
  } catch (cause) {
    throw new Terminal(
      'BAD_INPUT',
      `the input of ${name} is not its request as a JSON object: ${(cause as Error).message}`,
      {
        cause,
        hint: 'check the input that the workflow’s definition maps',
      },
    )
  }
}
