/** From samples to figures: the median over the rounds, and ratios that are taken within a round before their median. */
import type { ContenderName, Sample } from './contender.ts'
import type { CellSamples } from './compare.ts'
import { median } from '../measure/statistics.ts'
import { cellName, type Cell } from './workload.ts'

export const figureNames = [
  'workflowsPerSecond',
  'p50Ms',
  'p99Ms',
  'cpuMsPerWorkflow',
  'memoryMiB',
] as const satisfies readonly (keyof Figures)[]

export interface Figures {
  workflowsPerSecond: number
  p50Ms: number
  p99Ms: number
  cpuMsPerWorkflow: number
  memoryMiB: number
}

const mebibyte = 1024 ** 2

export const figuresOf = ({ completed, elapsedMs, p50Ms, p99Ms, cpuSeconds, memoryBytes }: Sample): Figures => ({
  workflowsPerSecond: (completed / elapsedMs) * 1_000,
  p50Ms,
  p99Ms,
  cpuMsPerWorkflow: (cpuSeconds / completed) * 1_000,
  memoryMiB: memoryBytes / mebibyte,
})

export const typical = (samples: readonly Sample[], figure: keyof Figures): number =>
  median(samples.map((sample) => figuresOf(sample)[figure]))

/** Of the same round, so that a slower minute of the machine is on both sides. */
export const ratio = (ours: readonly Sample[], theirs: readonly Sample[], figure: keyof Figures): number =>
  median(
    ours.flatMap((sample, round) => {
      const other = theirs[round]
      return other === undefined ? [] : [figuresOf(sample)[figure] / figuresOf(other)[figure]]
    }),
  )

export const find = (all: readonly CellSamples[], contender: ContenderName, cell: Cell): CellSamples | undefined =>
  all.find((one) => one.contender === contender && cellName(one.cell) === cellName(cell))
