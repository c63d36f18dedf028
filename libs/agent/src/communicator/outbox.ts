/** Makes messages and puts them where they belong. Resolved means stored. */
import { randomUUID } from 'node:crypto'
import { agentMessages } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Messaging, TaskPriority } from '@pitcrew/messaging'
import { addressTokens, parseAddress } from './address.ts'
import type { ErrorMessage, HandoffMessage, Message, SaidMessage, SendOptions } from './message.ts'
import { toProto } from './wire.ts'

export const defaultPriority: TaskPriority = 3
const defaultExpiryMs = 3_600_000
/** Answers are for somebody who waits, or who will look at the history. */
export const answerExpiryMs = 10 * 60_000

type Content =
  Pick<SaidMessage, 'kind' | 'body'> | Pick<ErrorMessage, 'kind' | 'failure'> | Pick<HandoffMessage, 'kind' | 'handoff'>

export type Draft = Content & { to: string; topic: string } & SendOptions & { id?: string }

export class Outbox {
  readonly #messaging: Messaging
  readonly #nowMs: () => number
  readonly address: string

  constructor(messaging: Messaging, nowMs: () => number) {
    this.#messaging = messaging
    this.#nowMs = nowMs
    this.address = `${messaging.service}.${messaging.instance}`
  }

  /** Terminal BAD_TOPIC, BAD_EXPIRY. */
  compose(draft: Draft): Message {
    const { id = randomUUID(), priority = defaultPriority, correlation = '', expiresInMs = defaultExpiryMs } = draft
    requireTopic(draft.topic)
    if (!(expiresInMs > 0)) throw new Terminal('BAD_EXPIRY', `expires in ${expiresInMs} ms; expected more than none`)
    const nowMs = this.#nowMs()
    const envelope = {
      id,
      priority,
      from: this.address,
      to: draft.to,
      topic: draft.topic,
      conversation: draft.conversation ?? id,
      correlation,
      sentAt: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + expiresInMs).toISOString(),
    }
    switch (draft.kind) {
      case 'error':
        return { ...envelope, kind: draft.kind, failure: draft.failure }
      case 'handoff':
        return { ...envelope, kind: draft.kind, handoff: draft.handoff }
      case 'request':
      case 'response':
      case 'notification':
      case 'broadcast':
      case 'status':
        return { ...envelope, kind: draft.kind, body: draft.body }
    }
  }

  /** Terminal BAD_ADDRESS. */
  async send(draft: Draft): Promise<Message> {
    const address = parseAddress(draft.to)
    const message = this.compose(draft)
    const key = [...this.#senderKey(message), ...addressTokens(address)]
    await this.#messaging.publish(agentMessages.direct, key, toProto(message), { id: message.id })
    return message
  }

  async broadcast(draft: Draft & { kind: 'broadcast' }): Promise<Message> {
    const message = this.compose({ ...draft, to: '' })
    const key = this.#senderKey(message)
    await this.#messaging.publish(agentMessages.broadcast, key, toProto(message), { id: message.id })
    return message
  }

  async publish(draft: Draft): Promise<Message> {
    const message = this.compose({ ...draft, to: '' })
    const key = [...this.#senderKey(message), ...message.topic.split('.')]
    await this.#messaging.publish(agentMessages.topic, key, toProto(message), { id: message.id })
    return message
  }

  /** Both sides of an exchange that went past the inbox, for the history. */
  async record(to: string, messages: readonly Message[]): Promise<void> {
    const items = messages.map((message) => ({
      key: [...this.#senderKey(message), ...addressTokens(parseAddress(to))],
      message: toProto(message),
      id: `${message.id}:recorded`,
    }))
    await this.#messaging.publishMany(agentMessages.exchange, items)
  }

  /** Who publishes, whoever the message is from: the broker holds us to our own name. */
  #senderKey({ kind, priority }: Message): string[] {
    return [this.#messaging.service, this.#messaging.instance, kind, String(priority)]
  }
}

const topicForm = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/

function requireTopic(topic: string): void {
  if (topicForm.test(topic)) return
  throw new Terminal('BAD_TOPIC', `"${topic}" is no topic; expected words of a-z, 0-9 and "-", joined by dots`, {
    hint: 'as in "diagnosis.finished"',
  })
}
