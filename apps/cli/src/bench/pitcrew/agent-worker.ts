/** An agent in a process of its own that offers the step. Started with the broker's url. */
import { runAgent, type Handler } from '@pitcrew/agent'
import { connectMessaging } from '@pitcrew/messaging'
import { answerRequests } from '../worker.ts'
import { benchTelemetry } from './telemetry.ts'
import { runStep, stepCapability, type Counted } from './workflows.ts'

/** More than there are ever steps under way: the agent is never what limits. */
const concurrency = 10_000

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const step: Handler = {
  capability: stepCapability,
  timeoutMs: 30_000,
  invoke: async (input) => encoder.encode(JSON.stringify(runStep(JSON.parse(decoder.decode(input)) as Counted))),
}

const telemetry = benchTelemetry('data-analysis')
const messaging = await connectMessaging({
  url: process.argv[2]!,
  service: 'data-analysis',
  instance: 'bench',
  telemetry,
})
await runAgent({
  messaging,
  telemetry,
  service: 'data-analysis',
  instance: 'bench',
  version: '1',
  capabilities: [step],
  concurrency,
})

answerRequests({})
