import { callApi, type Broker } from './broker.ts'

/** What we ever configure of a consumer; the rest are JetStream's defaults. Durations in milliseconds. */
export interface ConsumerSpec {
  stream: string
  name: string
  filter: string
  ackWaitMs: number
  from: 'all' | 'new' | 'last'
  /** Forgotten after this long without an instance; undefined keeps it for ever. */
  forgottenAfterMs?: number
}

const deliverPolicy = { all: 'all', new: 'new', last: 'last_per_subject' } as const
const nanoseconds = (ms: number) => Math.round(ms * 1e6)

/**
 * Creates the consumer or brings it up to date. The filter is part of the API subject, so the broker's permissions hold a
 * service to the events that it is listed for.
 */
export async function ensureConsumer(broker: Broker, spec: ConsumerSpec): Promise<void> {
  await callApi(broker.connection, `CONSUMER.CREATE.${spec.stream}.${spec.name}.${spec.filter}`, {
    stream_name: spec.stream,
    config: {
      name: spec.name,
      durable_name: spec.name,
      filter_subject: spec.filter,
      ack_policy: 'explicit',
      ack_wait: nanoseconds(spec.ackWaitMs),
      deliver_policy: deliverPolicy[spec.from],
      replay_policy: 'instant',
      max_ack_pending: 10_000,
      ...(spec.forgottenAfterMs === undefined ? {} : { inactive_threshold: nanoseconds(spec.forgottenAfterMs) }),
    },
  })
}

/** Delivery starts again behind what was acknowledged. Whoever else uses the consumer gets what it has in hand a second time. */
export async function resetConsumer(broker: Broker, { stream, name }: ConsumerSpec): Promise<void> {
  await callApi(broker.connection, `CONSUMER.RESET.${stream}.${name}`, undefined)
}

/** Whether anything was delivered and has not been acknowledged. */
export async function inHandSomewhere(broker: Broker, { stream, name }: ConsumerSpec): Promise<boolean> {
  const subject = `CONSUMER.INFO.${stream}.${name}`
  const { num_ack_pending: unacknowledged } = await callApi<{ num_ack_pending: number }>(
    broker.connection,
    subject,
    undefined,
  )
  return unacknowledged > 0
}
