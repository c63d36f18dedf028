/**
 * The JetStream streams, one per producing domain, and nothing else creates one.
 * `durable: true` streams hold what must survive a power cut: they want `sync_interval: always` or three replicas.
 */
export interface StreamSpec {
  subjects: string[]
  /** `work-queue`: each message is for exactly one worker and goes when it is acknowledged. */
  retention: 'limits' | 'work-queue'
  maxAgeMs: number
  /** Window in which a second publication under the same id is dropped. */
  duplicateWindowMs: number
  durable: boolean
}

const minutes = 60_000
const days = 24 * 60 * minutes

export const streams = {
  TELEMETRY: {
    subjects: ['telemetry.>'],
    retention: 'limits',
    maxAgeMs: 2 * days,
    duplicateWindowMs: 2 * minutes,
    durable: false,
  },
  ANALYSIS: {
    subjects: ['analysis.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  ORCHESTRATION: {
    subjects: ['orchestration.>'],
    retention: 'limits',
    maxAgeMs: 7 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  ENGAGEMENT: {
    subjects: ['engagement.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  SCHEDULING: {
    subjects: ['scheduling.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  MANUFACTURING: {
    subjects: ['manufacturing.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  UEBA: {
    subjects: ['ueba.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  AGENT: {
    subjects: ['agent.activities.>'],
    retention: 'limits',
    maxAgeMs: 7 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  AGENT_MESSAGES: {
    subjects: ['agent.message.>', 'agent.exchange.>'],
    retention: 'limits',
    maxAgeMs: 7 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  AGENT_BROADCASTS: {
    subjects: ['agent.broadcast.>', 'agent.topic.>'],
    retention: 'limits',
    maxAgeMs: 7 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  TASKS: {
    subjects: ['task.>'],
    retention: 'work-queue',
    maxAgeMs: 7 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
  DEAD_LETTER: {
    subjects: ['dead-letter.>'],
    retention: 'limits',
    maxAgeMs: 30 * days,
    duplicateWindowMs: 10 * minutes,
    durable: true,
  },
} as const satisfies Record<string, StreamSpec>

export type StreamName = keyof typeof streams
