/** What vehicles told, as it is kept for charts, and what of it was refused. */
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { count, instant, names } from './query.ts'
import { command, get, type Route } from './route.ts'

const hourMs = 3_600_000

const filter = {
  vehicle: z.string().default(''),
  codes: z.array(z.string()).default([]),
  since: z.iso.datetime({ offset: true }).optional().describe('seen last then or later'),
}

/** Entries by id, or all that pass a filter; never everything by leaving both out. */
const selection = z.union([
  z.strictObject({ ids: z.array(z.string()).min(1).max(1_000) }),
  z.strictObject({ filter: z.strictObject(filter), limit: z.int().min(1).max(1_000).optional() }),
])

export function vehicleDataRoutes({ history, quarantine }: Pick<Clients, 'history' | 'quarantine'>): Route[] {
  return [
    get(
      'vehicles',
      '/v1/vehicles/{id}/history',
      'A vehicle’s signals over a range of time, for charts: min, max, mean, last and count of each bucket',
      ({ params, query }) =>
        history.getSignalHistory({
          vehicleId: params.id ?? '',
          paths: names(query.signals),
          ...rangeOf(query.from, query.to, Date.now()),
          resolutionMs: count(query.resolution, 0) * 1_000,
          maxPoints: count(query.points, 0),
        }),
      {
        signals: 'VSS paths, comma-separated; default all that were read',
        from: 'a time; default an hour before `to`',
        to: 'a time; default now',
        resolution: 'seconds a bucket; default as `points` has it',
        points: 'at most so many buckets a signal; default 500',
      },
    ),
    get(
      'quarantine',
      '/v1/quarantine',
      'Frames and readings that were refused, the last seen first',
      ({ query }) =>
        quarantine.listQuarantined({
          filter: filterOf({ vehicle: query.vehicle, codes: names(query.code), since: instant(query.since, 'since') }),
          limit: count(query.limit, 100),
        }),
      {
        vehicle: 'vehicle id',
        code: 'reasons, comma-separated, as OUT_OF_RANGE',
        since: 'seen last at this time or later',
        limit: 'at most so many',
      },
    ),
    get('quarantine', '/v1/quarantine/{id}', 'One of them, with what the device sent', ({ params }) =>
      quarantine.getQuarantined({ entryId: params.id ?? '' }),
    ),
    command(
      {
        path: '/v1/quarantine:replay',
        tag: 'quarantine',
        role: 'operator',
        summary: 'Run what was refused through the intake again; what is accepted now leaves the quarantine',
        body: selection,
      },
      async (_, chosen) => quarantine.replayQuarantined({ limit: 0, ...selectionOf(chosen) }),
    ),
    command(
      {
        path: '/v1/quarantine:discard',
        tag: 'quarantine',
        role: 'operator',
        summary: 'Throw away what was refused',
        body: selection,
      },
      async (_, chosen) => quarantine.discardQuarantined(selectionOf(chosen)),
    ),
  ]
}

function selectionOf(chosen: z.output<typeof selection>) {
  if ('ids' in chosen) return { entryIds: chosen.ids, filter: undefined }
  return { entryIds: [], filter: filterOf(chosen.filter), limit: chosen.limit ?? 0 }
}

const filterOf = ({ vehicle, codes, since }: { vehicle?: string; codes: string[]; since?: string | undefined }) => ({
  vehicleId: vehicle ?? '',
  codes,
  sinceMs: since === undefined ? 0 : Date.parse(since),
})

function rangeOf(from: string | undefined, to: string | undefined, now: number) {
  const toMs = timeOf(to, 'to') ?? now
  const fromMs = timeOf(from, 'from') ?? toMs - hourMs
  if (fromMs < toMs) return { fromMs, toMs }
  throw new Terminal('BAD_REQUEST', 'the range is empty: expected `from` before `to`', {
    hint: 'for example ?from=2026-11-20T12:00:00Z&to=2026-11-20T13:00:00Z',
  })
}

function timeOf(value: string | undefined, what: string): number | undefined {
  const time = instant(value, what)
  return time === undefined ? undefined : Date.parse(time)
}
