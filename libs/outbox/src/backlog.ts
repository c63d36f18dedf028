import type { RelayOptions } from './relay.ts'

interface Backlog {
  waiting: number
  parked: number
  /** Seconds. */
  oldest: number
}

/** Reads the table when metrics are asked for. The result ends it. */
export function observeBacklog({ database, schema, telemetry: { meter } }: RelayOptions): () => void {
  const events = meter.createObservableGauge('pitcrew.outbox.events', { description: 'events that have not left yet' })
  const oldest = meter.createObservableGauge('pitcrew.outbox.oldest', {
    unit: 's',
    description: 'age of the oldest event that waits',
  })
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = async (result) => {
    const [backlog] = await database.query<Backlog>(
      `select count(*) filter (where parked is null) as waiting, count(parked) as parked,
         coalesce(extract(epoch from now() - min(created_at) filter (where parked is null)), 0)::float8 as oldest
       from ${schema}.outbox`,
    )
    if (backlog === undefined) return
    result.observe(events, backlog.waiting, { schema, state: 'waiting' })
    result.observe(events, backlog.parked, { schema, state: 'parked' })
    result.observe(oldest, backlog.oldest, { schema })
  }
  meter.addBatchObservableCallback(observe, [events, oldest])
  return () => meter.removeBatchObservableCallback(observe, [events, oldest])
}
