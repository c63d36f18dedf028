export { handle, type Handler, type TaskContext } from './handler.ts'
export { runAgent, type AgentOptions, type RunningAgent } from './run-agent.ts'
