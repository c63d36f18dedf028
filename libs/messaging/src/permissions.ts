/**
 * What each service's identity on the broker may do, derived from the pipeline: it publishes the events it produces, reads
 * those it consumes, takes tasks for its own capabilities, and nothing else.
 *
 * Consumers are created with the event's filter in the API subject, so a service cannot make one for an event that it is
 * not listed for. Which consumer of a stream it reads from is held only as far as `durables` are named: a subject wildcard
 * cannot say "whose name begins with".
 */
import { capabilities, events, type ServiceName, type StreamName } from '@pitcrew/contracts'
import { communicationOf } from './agent-permissions.ts'
import { escapeToken, filterOf } from './subjects.ts'
import type { AnyEvent } from './messaging.ts'
import { admissionSubject } from './mqtt/admission.ts'
import { mqttInbox } from './mqtt/inbox.ts'
import { cancelledSubject, taskDurable, taskPriorities, taskSubject } from './tasks.ts'

export interface Permissions {
  publish: string[]
  subscribe: string[]
  /** May answer a request it received, whatever the reply subject. */
  allowResponses: true
}

export interface PermissionOptions {
  /** Consumers the service uses, "<service>_<durable>"; default any of the streams that it consumes from. */
  durables?: readonly string[]
  /** Of the workflow log; the orchestrator owns two streams for each. */
  workflowPartitions?: number
}

export function permissionsFor(service: ServiceName, options: PermissionOptions = {}): Permissions {
  const { durables = ['*'], workflowPartitions = 16 } = options
  const consumed = consumedBy(service)
  const communication = communicationOf(service)
  const consumedStreams = [...new Set(consumed.map(({ stream }) => stream))]
  const publish = [
    ...producedBy(service).map(({ subject }) => `${subject}.>`),
    `agent.heartbeat.${service}.>`,
    `dead-letter.${service}.>`,
    ...consumed.flatMap((event) =>
      durables.map((name) => `$JS.API.CONSUMER.CREATE.${event.stream}.${name}.${filterOf(event)}`),
    ),
    ...consumed.map((event) => `$JS.API.DIRECT.GET.${event.stream}.${event.subject}.>`),
    ...consumedStreams.flatMap((stream) => durables.flatMap((name) => readConsumer(stream, name))),
    ...tasksOf(service),
    ...leasesOf(service),
    ...communication.publish,
    ...(service === 'orchestrator' ? orchestration(workflowPartitions) : []),
    ...(service === devicesService ? devices : []),
  ]
  const subscribe = [
    `_INBOX_${service}.>`,
    `$KV.leases.${escapeToken(service)}.>`,
    ...communication.subscribe,
    ...(service === 'orchestrator' ? ['workflow.>'] : []),
    ...(service === devicesService ? [admissionSubject] : []),
    ...(capabilitiesOf(service).length > 0 ? [cancelledSubject] : []),
    ...(watchesHeartbeats.includes(service) ? ['agent.heartbeat.>'] : []),
    ...(listensLive.includes(service) ? consumed.map((event) => filterOf(event)) : []),
  ]
  return { publish: [...new Set(publish)], subscribe, allowResponses: true }
}

const allEvents: readonly AnyEvent[] = Object.values(events)
const allCapabilities = Object.values(capabilities)
/** Shows events as they pass, through no consumer: what nobody watches need not be kept for it. */
const listensLive: readonly ServiceName[] = ['gateway']
const watchesHeartbeats: readonly ServiceName[] = ['orchestrator', 'gateway', 'ueba']

const producedBy = (service: ServiceName) => allEvents.filter(({ producers }) => producers.includes(service))
const capabilitiesOf = (service: ServiceName) => allCapabilities.filter((capability) => capability.service === service)

/** An agent also hears whether it is blocked. */
function consumedBy(service: ServiceName): AnyEvent[] {
  const listed = allEvents.filter(({ consumers }) => consumers.includes(service))
  const own: AnyEvent[] = capabilitiesOf(service).length > 0 ? [events.agentBlocked, events.agentReleased] : []
  return [...new Set([...listed, ...own])]
}

function readConsumer(stream: StreamName | string, consumer: string): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
    `$JS.API.CONSUMER.RESET.${stream}.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    `$JS.ACK.${stream}.${consumer}.>`,
    // With domain and account, nats-server 2.15 and newer.
    `$JS.ACK.*.*.${stream}.${consumer}.>`,
  ]
}

function tasksOf(service: ServiceName): string[] {
  const own = capabilitiesOf(service)
  const queues = own.flatMap(({ name }) =>
    taskPriorities.flatMap((priority) => {
      const durable = taskDurable(name, priority)
      return [
        `$JS.API.CONSUMER.CREATE.TASKS.${durable}.${taskSubject(name, priority)}`,
        ...readConsumer('TASKS', durable),
      ]
    }),
  )
  return own.length === 0 ? [] : [...queues, 'workflow.results.>']
}

const leasesOf = (service: ServiceName): string[] => [
  `$KV.leases.${escapeToken(service)}.>`,
  '$JS.API.DIRECT.GET.KV_leases',
]

/** Its log and snapshots, the tasks it hands out, and its own inbox, which other orchestrators lead. */
function orchestration(partitions: number): string[] {
  const owned = Array.from({ length: partitions }, (_, partition) => [
    `WORKFLOW_LOG_${partition}`,
    `WORKFLOW_SNAPSHOT_${partition}`,
  ]).flat()
  return ['workflow.>', 'task.>', cancelledSubject, '$JS.API.INFO', ...owned.flatMap(ownStream)]
}

const ownStream = (stream: string): string[] => [
  ...['CREATE', 'INFO', 'UPDATE', 'PURGE', 'MSG.GET'].map((operation) => `$JS.API.STREAM.${operation}.${stream}`),
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.>`,
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.DELETE.${stream}.*`,
  ...readConsumer(stream, '*'),
]

/** Takes in what devices publish over MQTT, and says who may connect as one. */
const devicesService: ServiceName = 'telematics-ingest'
const devices: string[] = [
  `$JS.API.CONSUMER.CREATE.${mqttInbox.stream}.${mqttInbox.durable}.${mqttInbox.subject}`,
  ...readConsumer(mqttInbox.stream, mqttInbox.durable),
]
