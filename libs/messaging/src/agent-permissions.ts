/**
 * What a service may do to speak with other agents and to share context with them.
 * 1. It speaks under its own name only: the sender is the first part of every key.
 * 2. It reads what is addressed to it, what it said itself, and what is for all. The consumers of its inbox are named, so that
 *    nobody takes from, or settles, another's.
 *    One that misbehaves may still make the consumer of another's inbox anew under that name, with what it may read itself as
 *    the filter: it learns nothing by it, and the other refuses what is not addressed to it.
 * 3. Shared context is open to every agent: which of them work on the same thing changes from one moment to the next.
 */
import { agentMessages, type ServiceName } from '@pitcrew/contracts'
import { consumerName, escapeToken, filterOf } from './subjects.ts'
import { taskPriorities, type TaskPriority } from './tasks.ts'
import { contextBucket } from './versioned-bucket.ts'

const { direct, exchange, broadcast, topic } = agentMessages

/** Purpose (`durable`) and key of what is in a service's inbox, one for each priority. */
export const inboxOf = (service: string, priority: TaskPriority) => ({
  durable: `inbox-${priority}`,
  key: `*.*.*.${priority}.${service}.*`,
})

/** Where an answer is needed now. Who asks is part of it, so that the broker holds them to their own name. */
export const requestSubject = (from: [string, string], priority: TaskPriority, to: [string, string]): string =>
  ['agent.request', ...from.map(escapeToken), priority, ...to.map(escapeToken)].join('.')

/** Requests from anybody to this instance. */
export const requestFilter = (service: string, instance: string): string =>
  `agent.request.*.*.*.${escapeToken(service)}.${escapeToken(instance)}`

/** From one instance to another of the same service: a message from their inbox that is for the other. */
export const forwardSubject = (service: string, instance: string): string =>
  `agent.inbox.${escapeToken(service)}.${escapeToken(instance)}`

export function communicationOf(service: ServiceName): { publish: string[]; subscribe: string[] } {
  const name = escapeToken(service)
  const fromMe = Object.values(agentMessages).map(({ subject }) => `${subject}.${name}.>`)
  const inbox = taskPriorities.flatMap((priority) => {
    const { durable, key } = inboxOf(service, priority)
    const consumer = consumerName(service, durable)
    return [
      `$JS.API.CONSUMER.CREATE.${direct.stream}.${consumer}.${filterOf(direct, key)}`,
      `$JS.API.CONSUMER.INFO.${direct.stream}.${consumer}`,
      `$JS.API.CONSUMER.MSG.NEXT.${direct.stream}.${consumer}`,
      `$JS.ACK.${direct.stream}.${consumer}.>`,
      `$JS.ACK.*.*.${direct.stream}.${consumer}.>`,
    ]
  })
  const readable = [
    `${direct.subject}.*.*.*.*.${name}.>`,
    `${direct.subject}.${name}.>`,
    `${exchange.subject}.${name}.>`,
  ]
  const openStream = broadcast.stream
  const publish = [
    ...fromMe,
    `agent.request.${name}.>`,
    `agent.inbox.${name}.>`,
    ...inbox,
    ...readable.map((filter) => `$JS.API.CONSUMER.CREATE.${direct.stream}.*.${filter}`),
    ...[broadcast, topic].map(({ subject }) => `$JS.API.CONSUMER.CREATE.${openStream}.*.${subject}.>`),
    `$JS.API.CONSUMER.INFO.${openStream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${openStream}.*`,
    `$JS.ACK.${openStream}.>`,
    `$JS.ACK.*.*.${openStream}.>`,
    ...[direct.stream, openStream].map((stream) => `$JS.FC.${stream}.>`),
    ...contextOf(),
  ]
  const subscribe = [`agent.request.*.*.*.${name}.>`, `agent.inbox.${name}.>`, `$KV.${contextBucket.name}.>`]
  return { publish, subscribe }
}

function contextOf(): string[] {
  const subjects = `$KV.${contextBucket.name}.>`
  const stream = `KV_${contextBucket.name}`
  return [
    subjects,
    `$JS.API.DIRECT.GET.${stream}.${subjects}`,
    `$JS.API.CONSUMER.CREATE.${stream}.*.${subjects}`,
    `$JS.FC.${stream}.>`,
  ]
}
