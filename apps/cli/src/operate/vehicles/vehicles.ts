import type { history } from '@pitcrew/contracts'
import type { Target } from '../../api/locate.ts'
import { openVehicleData } from '../../api/vehicle-data.ts'
import { sparkline } from '../../print/sparkline.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { givenCount, givenTime } from '../workflows/given.ts'

export interface ListVehiclesOptions extends Target {
  json?: boolean
  limit: string
}

export interface HistoryOptions extends Target {
  json?: boolean
  signal?: string[]
  from: string
  to?: string
  points: string
  resolution?: string
}

export async function listVehicles({ limit, ...options }: ListVehiclesOptions): Promise<void> {
  const vehicles = await openVehicleData(options).vehicles(givenCount(limit, '--limit', 1))
  if (options.json) return json(vehicles)
  if (vehicles.length === 0) return line('no vehicle is registered')
  const rows = vehicles.map(({ vehicleId, model, modelYear, buildMonth, plant, inServiceDate }) => [
    ...[vehicleId, model, modelYear || '', buildMonth, plant, inServiceDate],
  ])
  line(table(['vehicle', 'model', 'year', 'built', 'plant', 'in service since'], rows))
}

export async function vehicleHistory(id: string, options: HistoryOptions): Promise<void> {
  const now = Date.now()
  const answer = await openVehicleData(options).history(id, {
    signals: options.signal?.join(','),
    from: givenTime(options.from, '--from', now),
    to: givenTime(options.to, '--to', now),
    ...(options.resolution === undefined
      ? { points: givenCount(options.points, '--points', 1) }
      : { resolution: givenCount(options.resolution, '--resolution', 1) }),
  })
  if (options.json) return json(answer)
  line(historyText(answer))
}

/** One signal with all its points, several with a line each. */
export function historyText({ vehicleId, level, resolutionMs, series }: history.GetSignalHistoryResponse): string {
  const read = series.filter(({ points }) => points.length > 0)
  if (read.length === 0)
    return `${vehicleId} told nothing of this in the range; what it tells is here some ten seconds later`
  const made = `${seconds(resolutionMs)} a bucket, from ${madeOf[level]}`
  const [only] = read
  if (series.length > 1 || only === undefined) return `${overview(read, resolutionMs)}\n\n${made}`
  const head = ['from', 'min', 'mean', 'max', 'last', 'count']
  const rows = only.points.map(({ startMs, min, mean, max, last, count }) => [
    new Date(startMs).toISOString(),
    ...[min, mean, max, last].map(short),
    count,
  ])
  const title = `${only.path}${only.unit === '' ? '' : `, ${only.unit}`}`
  return [title, spark(only, resolutionMs), '', table(head, rows), '', made].join('\n')
}

const madeOf: Record<history.HistoryLevel, string> = {
  HISTORY_LEVEL_UNSPECIFIED: 'unknown',
  HISTORY_LEVEL_RAW: 'every reading',
  HISTORY_LEVEL_MINUTE: 'minutes',
  HISTORY_LEVEL_HOUR: 'hours',
}

function overview(series: readonly history.SignalSeries[], resolutionMs: number): string {
  const rows = series.map((one) => {
    const count = one.points.reduce((sum, point) => sum + point.count, 0)
    const mean = one.points.reduce((sum, point) => sum + point.mean * point.count, 0) / count
    const min = Math.min(...one.points.map((point) => point.min))
    const max = Math.max(...one.points.map((point) => point.max))
    return [
      one.path,
      one.unit,
      ...[min, mean, max, one.points.at(-1)!.last].map(short),
      count,
      spark(one, resolutionMs),
    ]
  })
  return table(['signal', 'unit', 'min', 'mean', 'max', 'last', 'count', 'mean over time'], rows)
}

const mostBars = 60

/** Over the time from the first to the last point, with gaps where there is none. */
function spark({ points }: history.SignalSeries, resolutionMs: number): string {
  const first = points[0]!.startMs
  const buckets = Math.round((points.at(-1)!.startMs - first) / resolutionMs) + 1
  const width = Math.ceil(buckets / mostBars) * resolutionMs
  const bars = Array.from({ length: Math.ceil((buckets * resolutionMs) / width) }, () => ({ sum: 0, count: 0 }))
  for (const { startMs, mean, count } of points) {
    const bar = bars[Math.floor((startMs - first) / width)]!
    bar.sum += mean * count
    bar.count += count
  }
  return sparkline(bars.map(({ sum, count }) => (count === 0 ? undefined : sum / count)))
}

const short = (value: number): string => String(Number(value.toPrecision(6)))

const seconds = (ms: number): string =>
  ms >= 3_600_000 ? `${short(ms / 3_600_000)} h` : ms >= 60_000 ? `${short(ms / 60_000)} min` : `${short(ms / 1_000)} s`
