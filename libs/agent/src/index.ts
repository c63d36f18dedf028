import type { Capability, ServiceName } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger, Telemetry } from '@pitcrew/observability'
export interface TaskContext {
  readonly taskId: string
  readonly workflowId: string
  readonly attempt: number
  readonly deadline: string | undefined
  readonly signal: AbortSignal
  readonly logger: Logger
}
export interface Handler {
  readonly capability: string
  readonly timeoutMs: number
  readonly invoke: (input: Uint8Array, task: TaskContext) => Promise<Uint8Array>
}
export interface AgentOptions {
  messaging: Messaging
  telemetry: Telemetry
  service: ServiceName
  instance: string
  version: string
  capabilities: Handler[]
  concurrency?: number
}
export interface RunningAgent { stop(): Promise<void> }
export declare function handle<I, O>(capability: Capability<I, O>, fn: (input: I, task: TaskContext) => Promise<O>): Handler
export declare function runAgent(options: AgentOptions): Promise<RunningAgent>
