/** The metrics and targets of the engine's bench. */
import type { CellSamples } from './compare.ts'
import { peerNames } from './contender.ts'
import { figureNames, find, ratio, typical } from './figures.ts'
import type { ParkedFigures } from './parked.ts'
import type { ScaleFigures } from './scale.ts'
import { judge, type Metrics, type Report, type Target } from '../measure/report.ts'
import { rounded } from '../measure/statistics.ts'
import { cellName } from './workload.ts'

export interface Measured {
  comparison?: readonly CellSamples[]
  parked?: ParkedFigures
  scale?: readonly ScaleFigures[]
}

const comparisonTargets: Record<string, Target> = {
  'pitcrew/restate.chain-10.c128.workflowsPerSecond': { cmp: '>=', want: 20 },
  'pitcrew/restate.chain-10.c1.p50Ms': { cmp: '<=', want: 0.4 },
  'pitcrew-agents/restate.chain-10.c128.workflowsPerSecond': { cmp: '>=', want: 4 },
}

const parkedTargets: Record<string, Target> = {
  'parked.bytesPerWorkflow': { cmp: '<=', want: 1_024 },
  'parked.restartToProgressMs': { cmp: '<=', want: 5_000 },
}

/** What was asked for decides which targets there are. */
export const targetsFor = (asked: { restate: boolean; parked: boolean }): Record<string, Target> => ({
  ...(asked.restate && comparisonTargets),
  ...(asked.parked && parkedTargets),
})

export function report(measured: Measured, { protocol, targets }: Pick<Report, 'protocol' | 'targets'>): Report {
  const metrics = {
    ...comparisonMetrics(measured.comparison ?? []),
    ...prefixed('parked', measured.parked ?? {}),
    ...Object.assign({}, ...(measured.scale ?? []).map(scaleMetrics)),
  } as Metrics
  return judge({ name: 'engine', protocol, metrics, targets })
}

function comparisonMetrics(all: readonly CellSamples[]): Metrics {
  const metrics: Metrics = {}
  for (const { contender, cell, samples } of all) {
    for (const figure of figureNames)
      metrics[`${contender}.${cellName(cell)}.${figure}`] = rounded(typical(samples, figure))
    if (contender === 'restate' || contender === 'dbos') continue
    for (const peer of peerNames) {
      const theirs = find(all, peer, cell)
      if (theirs === undefined) continue
      for (const figure of figureNames)
        metrics[`${contender}/${peer}.${cellName(cell)}.${figure}`] = rounded(ratio(samples, theirs.samples, figure))
    }
  }
  return metrics
}

const scaleMetrics = ({ orchestrators, workflowsPerSecond, p50Ms }: ScaleFigures): Metrics =>
  prefixed(`scale.${orchestrators}`, { workflowsPerSecond, p50Ms })

const prefixed = (prefix: string, figures: object): Metrics =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, rounded(value as number)]))
