/** From samples to figures, targets and tables. A ratio is taken within a round; a figure is the median over the rounds. */
import { judge, type Metrics, type Report, type Target } from '../../measure/report.ts'
import { median, rounded } from '../../measure/statistics.ts'
import { number, type Titled } from '../../measure/tables.ts'
import { doors, titles, type ContenderName, type Door } from './contenders.ts'
import type { Sample, Samples } from './rounds.ts'

export const targets: Record<string, Target> = {
  'grpcStream.ratio': { cmp: '>=', want: 0.7 },
  'mqtt.ratio': { cmp: '>=', want: 0.7 },
  'http.ratio': { cmp: '>=', want: 0.5 },
}

/** Of the doors that were asked for. */
export const targetsOf = (asked: readonly Door[]): Record<string, Target> =>
  Object.fromEntries(Object.entries(targets).filter(([name]) => asked.some((door) => name === `${door}.ratio`)))

const fleet = 10_000

const rate = ({ frames, elapsedMs }: Sample): number => (frames / elapsedMs) * 1_000
const cpuPerThousand = (seconds: number, { frames }: Sample): number => (seconds / frames) * 1_000

export function report(
  samples: Samples,
  { protocol, asked }: { protocol: Report['protocol']; asked: readonly Door[] },
): Report {
  const metrics: Metrics = {}
  for (const [name, taken] of Object.entries(samples))
    Object.assign(metrics, contenderMetrics(name, taken, samples.bare ?? []))
  // The stream that a gateway keeps open is the door of a large fleet.
  const cost = metrics['grpcStream.cpuSecondsPer1000'] ?? metrics['http.cpuSecondsPer1000']
  if (cost !== undefined) metrics['cost.cores10000Vehicles'] = rounded((cost / 1_000) * fleet)
  return judge({ name: 'ingest', protocol, metrics, targets: targetsOf(asked) })
}

function contenderMetrics(name: string, samples: readonly Sample[], bare: readonly Sample[]): Metrics {
  const typical = (figure: (sample: Sample) => number) => rounded(median(samples.map(figure)))
  const broker = typical((sample) => cpuPerThousand(sample.brokerCpuSeconds, sample))
  const metrics: Metrics = {
    [`${name}.framesPerSecond`]: typical(rate),
    [`${name}.brokerCpuSecondsPer1000`]: broker,
    [`${name}.storedBytes`]: typical(({ storedBytes }) => storedBytes),
  }
  if (name === 'bare') return metrics
  const ratios = samples.flatMap((sample, round) => (bare[round] ? [rate(sample) / rate(bare[round])] : []))
  return {
    ...metrics,
    [`${name}.ratio`]: rounded(median(ratios)),
    [`${name}.ingestCpuSecondsPer1000`]: typical((sample) => cpuPerThousand(sample.ingestCpuSeconds, sample)),
    [`${name}.cpuSecondsPer1000`]: typical((sample) =>
      cpuPerThousand(sample.ingestCpuSeconds + sample.brokerCpuSeconds, sample),
    ),
  }
}

export function tables({ metrics }: Report): Titled[] {
  const names: ContenderName[] = [...doors, 'bare']
  const present = names.filter((name) => metrics[`${name}.framesPerSecond`] !== undefined)
  const cell = (name: string): string => (metrics[name] === undefined ? '' : number(metrics[name]))
  const rows = present.map((name) => [
    titles[name],
    ...['framesPerSecond', 'ratio', 'ingestCpuSecondsPer1000', 'brokerCpuSecondsPer1000', 'storedBytes'].map((figure) =>
      cell(`${name}.${figure}`),
    ),
  ])
  const doorsTable = {
    title: 'Frames of 25 signals, accepted durably; the ratio is to the bare publication of the same messages:',
    head: ['door', 'frames/s', 'ratio', 'ingest, CPU s per 1,000', 'broker, CPU s per 1,000', 'bytes stored'],
    rows,
  }
  const cost = metrics['cost.cores10000Vehicles']
  if (cost === undefined) return [doorsTable]
  const words = 'cores of ingest and broker for 10,000 vehicles at 1 frame/s, over the gRPC stream'
  return [doorsTable, { title: 'Cost:', head: ['what', 'measured'], rows: [[words, number(cost)]] }]
}
