/** Messages as protobuf, and back. */
import { agent } from '@pitcrew/contracts'
import { fromWire, Terminal, toWire, type WireFailure } from '@pitcrew/errors'
import type { TaskPriority } from '@pitcrew/messaging'
import type { Json } from '../json.ts'
import { messageKinds, type HandedOver, type Message, type MessageKind } from './message.ts'

const { MessageKind: Kind, Priority } = agent

const wireKind: Record<MessageKind, agent.MessageKind> = {
  request: Kind.REQUEST,
  response: Kind.RESPONSE,
  error: Kind.ERROR,
  notification: Kind.NOTIFICATION,
  broadcast: Kind.BROADCAST,
  handoff: Kind.HANDOFF,
  status: Kind.STATUS,
}

const wirePriority: Record<TaskPriority, agent.Priority> = {
  1: Priority.URGENT,
  2: Priority.HIGH,
  3: Priority.SCHEDULED,
  4: Priority.ROUTINE,
}

const encode = (value: Json) => Buffer.from(JSON.stringify(value))
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json

export function toProto(message: Message): agent.AgentMessage {
  const { id, kind, priority, from, to, topic, conversation, correlation, sentAt, expiresAt } = message
  return agent.AgentMessage.fromPartial({
    messageId: id,
    kind: wireKind[kind],
    priority: wirePriority[priority],
    from,
    to,
    topic,
    conversationId: conversation,
    correlationId: correlation,
    sentAt,
    expiresAt,
    ...contentOf(message),
  })
}

function contentOf(message: Message) {
  switch (message.kind) {
    case 'error': {
      const { afterMs = 0, ...failure } = toWire(message.failure)
      return { failure: { ...failure, afterMs } }
    }
    case 'handoff':
      return { handoff: handoffOf(message.handoff) }
    case 'request':
    case 'response':
    case 'notification':
    case 'broadcast':
    case 'status':
      return { body: encode(message.body) }
  }
}

const handoffOf = ({ workflowId, taskId, result, context = null, space = '', note = '' }: HandedOver) => ({
  workflowId,
  taskId,
  result: encode(result),
  context: encode(context),
  space,
  note,
})

/** Terminal BAD_MESSAGE for what was not made by `toProto`. */
export function fromProto(proto: agent.AgentMessage): Message {
  const kind = messageKinds.find((name) => wireKind[name] === proto.kind)
  const priority = ([1, 2, 3, 4] as const).find((each) => wirePriority[each] === proto.priority)
  const { sentAt, expiresAt } = proto
  if (kind === undefined || priority === undefined || proto.messageId === '' || !sentAt || !expiresAt)
    throw bad('its id, kind, priority or times are missing')
  const envelope = {
    id: proto.messageId,
    priority,
    from: proto.from,
    to: proto.to,
    topic: proto.topic,
    conversation: proto.conversationId,
    correlation: proto.correlationId,
    sentAt,
    expiresAt,
  }
  try {
    switch (kind) {
      case 'error':
        return { ...envelope, kind, failure: failureFrom(proto) }
      case 'handoff':
        return { ...envelope, kind, handoff: handoffFrom(proto) }
      case 'request':
      case 'response':
      case 'notification':
      case 'broadcast':
      case 'status':
        return { ...envelope, kind, body: decode(proto.body ?? Buffer.from('null')) }
    }
  } catch (cause) {
    throw bad('its content is not what its kind says', cause)
  }
}

function failureFrom({ failure }: agent.AgentMessage) {
  if (failure === undefined) throw bad('an error without its failure')
  const { afterMs, hint, ...rest } = failure
  return fromWire({
    ...rest,
    ...(hint === '' ? {} : { hint }),
    ...(afterMs === 0 ? {} : { afterMs }),
  } as WireFailure)
}

function handoffFrom({ handoff }: agent.AgentMessage): HandedOver {
  if (handoff === undefined) throw bad('a handoff of nothing')
  const { workflowId, taskId, result, context, space, note } = handoff
  return { workflowId, taskId, result: decode(result), context: decode(context), space, note }
}

const bad = (what: string, cause?: unknown) =>
  new Terminal('BAD_MESSAGE', `not a message of an agent: ${what}`, {
    cause,
    hint: 'was it published by something other than a communicator?',
  })
