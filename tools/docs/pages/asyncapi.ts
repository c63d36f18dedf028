/** AsyncAPI 3.0 of everything that goes over the broker: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
import { capabilities, events, type Capability, type EventType, type ServiceName } from '@pitcrew/contracts'
import { notice } from '../markdown.ts'
import { messageName } from '../message-names.ts'
import { Schemas, type Schema } from '../schemas.ts'
import { yaml } from '../yaml.ts'

type Named<T> = Record<string, T>

const allEvents = Object.entries(events as Named<EventType<unknown>>)
const allCapabilities = Object.entries(capabilities as Named<Capability<unknown, unknown>>)

export function asyncApiPage(root: string): string {
  const schemas = new Schemas(root)
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Pitcrew',
      version: '1.0.0',
      description:
        'Events and tasks of the platform over NATS JetStream. On the wire a message is binary protobuf (proto/pitcrew); the ' +
        'schemas here are its JSON form, with 64-bit integers as numbers.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/x-protobuf',
    servers: { local: { host: '127.0.0.1:4222', protocol: 'nats', description: 'the broker of ./pitcrew up' } },
    channels: { ...eventChannels(schemas), ...taskChannels(schemas), ...results(schemas) },
    operations: { ...eventOperations(), ...taskOperations() },
    components: { schemas: schemas.all(), messageTraits: { event: { headers: eventHeaders } } },
  }
  return `# ${notice}\n${yaml(document).trimStart()}`
}

const eventHeaders: Schema = {
  type: 'object',
  properties: {
    'ce-specversion': { type: 'string', const: '1.0' },
    'ce-id': { type: 'string', description: 'same id, same event: it may be delivered again' },
    'ce-type': { type: 'string' },
    'ce-source': { type: 'string', description: '/pitcrew/<service>/<instance>' },
    'ce-time': { type: 'string', format: 'date-time' },
    'Nats-Msg-Id': { type: 'string', description: 'the id again: the stream drops a second publication of it' },
    traceparent: { type: 'string', description: 'W3C trace context of the sender' },
  },
}

/** "partition.vehicle id" as the parameters partition and vehicleId. */
const parametersOf = (key: string): string[] =>
  key.split('.').map((part) => part.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase()))

function eventChannels(schemas: Schemas): Named<unknown> {
  return Object.fromEntries(
    allEvents.map(([id, { subject, stream, key, codec }]) => {
      const parameters = parametersOf(key)
      const channel = {
        address: [subject, ...parameters.map((name) => `{${name}}`)].join('.'),
        parameters: Object.fromEntries(parameters.map((name) => [name, { description: `part of the key: ${key}` }])),
        messages: { [id]: messageOf(schemas, messageName(codec), [{ $ref: '#/components/messageTraits/event' }]) },
        'x-stream': stream,
      }
      return [id, channel]
    }),
  )
}

function messageOf(schemas: Schemas, name: string, traits?: unknown[]): unknown {
  return { name, summary: schemas.description(name), ...(traits && { traits }), payload: schemas.reference(name) }
}

/** A task is the same envelope for every capability; what it holds differs. */
function taskChannels(schemas: Schemas): Named<unknown> {
  return Object.fromEntries(
    allCapabilities.map(([id, { name, request, response, timeoutMs }]) => {
      const channel = {
        address: `task.${name}.{priority}`,
        description: `Work for agents that offer ${name}; one attempt may take ${timeoutMs / 1_000} s.`,
        parameters: {
          priority: { enum: ['1', '2', '3', '4'], description: '1 urgent, 2 high, 3 scheduled, 4 routine' },
        },
        messages: { task: messageOf(schemas, 'pitcrew.agent.v1.Task') },
        'x-stream': 'TASKS',
        'x-input': schemas.reference(messageName(request)),
        'x-output': schemas.reference(messageName(response)),
      }
      return [`task_${id}`, channel]
    }),
  )
}

function results(schemas: Schemas): Named<unknown> {
  const message = messageOf(schemas, 'pitcrew.agent.v1.TaskResult') as object
  return {
    taskResult: {
      address: 'workflow.inbox.{partition}',
      description:
        'Request-reply without storage, JSON {"op":"task-result","result":TaskResult}. The answer {"ok":true} means that the ' +
        'result is durable; {"error":{kind,code,message}} that it is not taken.',
      parameters: { partition: { description: 'the partition that the task names' } },
      messages: { result: { ...message, contentType: 'application/json' } },
    },
    heartbeat: {
      address: 'agent.heartbeat.{service}.{instance}',
      description: 'Every two seconds, without storage.',
      parameters: { service: { description: 'name of the service' }, instance: { description: 'of the service' } },
      messages: { heartbeat: messageOf(schemas, 'pitcrew.agent.v1.Heartbeat') },
    },
  }
}

type Action = 'send' | 'receive'

const operation = (service: ServiceName, action: Action, channel: string): [string, unknown] => [
  `${service}_${action}_${channel}`,
  { action, channel: { $ref: `#/channels/${channel}` }, tags: [{ name: service }] },
]

const eventOperations = (): Named<unknown> =>
  Object.fromEntries(
    allEvents.flatMap(([id, { producers, consumers }]) => [
      ...producers.map((service) => operation(service, 'send', id)),
      ...consumers.map((service) => operation(service, 'receive', id)),
    ]),
  )

const taskOperations = (): Named<unknown> =>
  Object.fromEntries([
    ...allCapabilities.flatMap(([id, { service }]) => [
      operation('orchestrator', 'send', `task_${id}`),
      operation(service, 'receive', `task_${id}`),
    ]),
    ...[...new Set(allCapabilities.map(([, { service }]) => service))].flatMap((service) => [
      operation(service, 'send', 'taskResult'),
      operation(service, 'send', 'heartbeat'),
    ]),
    operation('orchestrator', 'receive', 'taskResult'),
    operation('orchestrator', 'receive', 'heartbeat'),
  ])
