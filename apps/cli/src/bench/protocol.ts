/** How it was measured, as far as a figure means nothing without it. */
import type { CellSamples, Compared } from './compare.ts'
import { machine } from '../measure/measurement.ts'
import type { Contender } from './contender.ts'
import type { EngineBenchOptions } from './options.ts'
import { median, rounded } from '../measure/statistics.ts'

export interface ProtocolParts {
  options: EngineBenchOptions
  contenders: readonly Contender[]
  /** Engines that were asked for and are not there, with the reason. */
  absent: Compared['failed']
  samples: readonly CellSamples[]
  natsServer: string
}

export function protocolOf({
  options,
  contenders,
  absent,
  samples,
  natsServer,
}: ProtocolParts): Record<string, unknown> {
  const { comparison, parked, scale, partitions } = options
  return {
    machine: machine(),
    node: process.version,
    natsServer,
    fsync: 'on for every engine: a step is acknowledged when it is on the disk (nats-server: sync_interval always)',
    partitions,
    ...(comparison && {
      rounds: comparison.rounds,
      ...window(comparison.plan),
      order: 'in every round cell by cell, in every cell engine by engine; one works, the others are idle',
      figures: 'medians over the rounds; ratios are taken within a round; CPU and memory are of engine and workers',
      othersCpuShare: othersShare(samples),
      engines: Object.fromEntries(contenders.map(({ name, label, setup }) => [name, `${label}: ${setup}`])),
    }),
    ...(Object.keys(absent).length > 0 && { absent }),
    ...(parked !== undefined && { parked }),
    ...(scale && { scale: scale.orchestrators, ...window(scale.plan) }),
  }
}

const window = ({ warmUpMs, windowMs }: { warmUpMs: number; windowMs: number }) => ({ warmUpMs, windowMs })

/** Of the machine's CPU, in the windows: how much anything else than the engine and its load has used. */
function othersShare(samples: readonly CellSamples[]): { median: number; most: number } {
  const shares = samples.flatMap((one) => one.samples.map((sample) => sample.othersShare))
  return { median: rounded(median(shares)), most: rounded(Math.max(0, ...shares)) }
}
