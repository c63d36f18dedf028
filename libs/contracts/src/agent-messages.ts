/**
 * F5: where what agents say to each other goes. The first two tokens of each key are the sender, so that the broker holds a
 * service to its own name; the last two of a direct message the receiver, so that it holds it to its own inbox.
 * AGENT_MESSAGES is confidential between sender and receiver, AGENT_BROADCASTS is for every agent.
 */
import { AgentMessage } from './gen/pitcrew/agent/v1/agent.ts'
import { services, type EventType } from './pipeline.ts'
import type { StreamName } from './streams.ts'

const everybody = { codec: AgentMessage, producers: services, consumers: services }

const said = (stream: StreamName, subject: string, key: string): EventType<AgentMessage> => ({
  stream,
  subject,
  key,
  ...everybody,
})

export const agentMessages = {
  direct: said(
    'AGENT_MESSAGES',
    'agent.message.sent.v1',
    'service.instance.kind.priority.receiving service.receiving instance',
  ),
  /** Requests and their answers, which do not wait in an inbox, as the one who asked keeps them for the history. */
  exchange: said(
    'AGENT_MESSAGES',
    'agent.exchange.recorded.v1',
    'service.instance.kind.priority.other service.other instance',
  ),
  broadcast: said('AGENT_BROADCASTS', 'agent.broadcast.sent.v1', 'service.instance.kind.priority'),
  /** The topic is one token or several. */
  topic: said('AGENT_BROADCASTS', 'agent.topic.published.v1', 'service.instance.kind.priority.topic'),
} as const

/** Stands for the instance in a key when any one of the service may take the message. */
export const anyInstance = '*'
