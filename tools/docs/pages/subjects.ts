import { agentMessages, events, streams, type EventType } from '@pitcrew/contracts'
import { code, page, table } from '../markdown.ts'
import { messageName, shortName } from '../message-names.ts'

const all: readonly EventType<unknown>[] = Object.values(events)

export function subjectsPage(): string {
  return page(
    'Subjects and streams',
    'From `libs/contracts/src/pipeline.ts` and `streams.ts`. Tasks are in [capabilities](capabilities.md); the messages, ' +
      'field by field, are in [asyncapi.yaml](asyncapi.yaml).',
    '## Events',
    'A subject is `<domain>.<entity>.<past-verb>.v1.<key>`. On the wire a message is binary protobuf; its headers carry the ' +
      'CloudEvents 1.0 attributes (`ce-id`, `ce-type`, `ce-source`, `ce-time`, `ce-specversion`), `Nats-Msg-Id` and W3C ' +
      '`traceparent`.',
    eventTable(),
    '## Streams',
    'Made by `./pitcrew provision` (and by `./pitcrew up` on its own broker), never by a service at work.',
    streamTable(),
    '## Subjects outside of the pipeline',
    otherTable(),
  )
}

function eventTable(): string {
  const rows = all.map(({ subject, stream, key, codec, producers, consumers }) => [
    code(subject),
    stream,
    key,
    shortName(messageName(codec)),
    producers.length === 8 ? 'every service' : producers.join(', '),
    consumers.join(', '),
  ])
  return table(['subject', 'stream', 'key', 'message', 'producers', 'consumers'], rows)
}

function streamTable(): string {
  const rows = Object.entries(streams).map(([name, { subjects, retention, maxAgeMs, duplicateWindowMs, durable }]) => [
    name,
    subjects.map(code).join(' '),
    retention,
    span(maxAgeMs),
    span(duplicateWindowMs),
    durable ? 'fsync or 3 replicas' : 'may lose the last moments',
  ])
  return table(['stream', 'subjects', 'retention', 'kept for', 'duplicates dropped within', 'a power cut'], rows)
}

function otherTable(): string {
  return table(['subject', 'kind', 'what it is'], [...taskRows, ...engineRows, ...agentRows(), ...jobRows])
}

const taskRows = [
  ['`task.<capability>.<priority>`', 'stream TASKS', 'work for agents, priority 1 (urgent) to 4 (routine)'],
  ['`dead-letter.<service>.<event type>`', 'stream DEAD_LETTER', 'what could not be handled, with the reason'],
  ['`agent.heartbeat.<service>.<instance>`', 'core publish', 'an agent is here and offers these capabilities'],
  ['`agent.task-cancelled`', 'core publish', 'these tasks are not waited for any more'],
]

const engineRows = [
  ['`workflow.inbox.<partition>`', 'core request-reply', 'starts, signals and questions for the leader of a partition'],
  [
    '`workflow.results.<partition>`',
    'core request-reply',
    'results of tasks for the leader of a partition, from agents',
  ],
  ['`workflow.log.<partition>`', 'stream WORKFLOW_LOG_<partition>', 'frames of transitions'],
  ['`workflow.snapshot.<partition>.>`', 'stream WORKFLOW_SNAPSHOT_<partition>', 'chunks and the manifest of snapshots'],
  ['`$KV.leases.>`', 'key-value bucket leases', 'who holds which partition of which group'],
]

const saying: Record<keyof typeof agentMessages, string> = {
  direct: 'from agent to agent, kept in the inbox until it is taken',
  exchange: 'requests and their answers, as the agent that asked keeps them',
  broadcast: 'for all agents',
  topic: 'for agents that follow the topic',
}

const agentRows = (): string[][] => [
  ...Object.entries(agentMessages).map(([kind, { subject, stream }]) => [
    code(`${subject}.>`),
    `stream ${stream}`,
    saying[kind as keyof typeof agentMessages],
  ]),
  [
    '`agent.request.<service>.<instance>.<priority>.<service>.<instance>`',
    'core request-reply',
    'what one agent asks another, which answers now',
  ],
  [
    '`agent.inbox.<service>.<instance>`',
    'core request-reply',
    'a message from the inbox, for another of the instances',
  ],
  ['`$KV.context.>`', 'key-value bucket context', 'what agents share about their work, with its versions'],
]

const jobRows = [
  ['`job.queue.<kind>.<priority>.<id>`', 'stream JOBS', 'jobs to be done, priority 1 (urgent) to 4 (routine)'],
  ['`job.at.<id>`', 'stream JOBS', 'schedules, which the broker turns into jobs to be done, once or again and again'],
  ['`job.void.<id>`', 'stream JOBS', 'takes such a schedule away'],
  ['`job.cancel`', 'core publish', 'somebody wants a running job to stop'],
  [
    '`$KV.jobs.>`',
    'key-value bucket jobs (stream KV_jobs)',
    'the record of each job, and what is spoken for of a rate',
  ],
]

export function span(ms: number): string {
  const days = ms / 86_400_000
  return days >= 1 ? `${days} d` : `${ms / 60_000} min`
}
