/** The same figures for people: at a terminal, and as the table of README.md. */
import { table } from '../print/table.ts'
import type { CellSamples } from './compare.ts'
import { peerNames, type ContenderName } from './contender.ts'
import { find, ratio, typical } from './figures.ts'
import type { ParkedFigures } from './parked.ts'
import type { Report } from '../measure/report.ts'
import { number, targetTable, type Titled } from '../measure/tables.ts'
import type { Measured } from './report.ts'
import type { ScaleFigures } from './scale.ts'
import { cellName, type Cell } from './workload.ts'

export const contenderTitles: Record<ContenderName, string> = {
  pitcrew: 'Pitcrew, in process',
  'pitcrew-agents': 'Pitcrew, agents',
  restate: 'Restate',
  dbos: 'DBOS',
}

/** Everything that was measured, a row for each engine and cell. */
export function fullTables({ comparison = [], parked, scale = [] }: Measured): Titled[] {
  const peers = peerNames.filter((peer) => comparison.some(({ contender }) => contender === peer))
  const titles = [...peers.map((peer) => `x ${contenderTitles[peer]}`)]
  const compared: Titled = {
    title: 'Workflows, each step its own durable commit; "x" is workflows/s over those of the peer in the same rounds',
    head: ['workload', 'at once', 'engine', 'workflows/s', 'p50 ms', 'p99 ms', 'CPU ms each', 'memory MiB', ...titles],
    rows: comparison.map((one) => fullRow(one, comparison, peers)),
  }
  return [compared, ...otherTables(parked, scale)].filter(({ rows }) => rows.length > 0)
}

function fullRow(one: CellSamples, all: readonly CellSamples[], peers: readonly ContenderName[]): string[] {
  const { contender, cell, samples } = one
  const ratios = peers.map((peer) => {
    const theirs = find(all, peer, cell)
    return theirs === undefined || peer === contender
      ? ''
      : number(ratio(samples, theirs.samples, 'workflowsPerSecond'))
  })
  const figures = (['workflowsPerSecond', 'p50Ms', 'p99Ms', 'cpuMsPerWorkflow', 'memoryMiB'] as const).map((figure) =>
    number(typical(samples, figure)),
  )
  return [cell.workload.name, number(cell.concurrent), contenderTitles[contender], ...figures, ...ratios]
}

/** A row for each cell, a column for each engine: workflows/s, and p50 in brackets. */
export function shortTables({ comparison = [], parked, scale = [] }: Measured): Titled[] {
  const engines = [...new Set(comparison.map(({ contender }) => contender))]
  const cells = [...new Map(comparison.map(({ cell }) => [cellName(cell), cell])).values()]
  const compared: Titled = {
    title: 'Workflows/s, and the median time of one:',
    head: ['workload', 'at once', ...engines.map((engine) => contenderTitles[engine])],
    rows: cells.map((cell) => [
      cell.workload.name,
      number(cell.concurrent),
      ...engines.map((engine) => shortCell(comparison, engine, cell)),
    ]),
  }
  return [compared, ...otherTables(parked, scale)].filter(({ rows }) => rows.length > 0)
}

function shortCell(all: readonly CellSamples[], engine: ContenderName, cell: Cell): string {
  const found = find(all, engine, cell)
  if (found === undefined) return ''
  return `${number(typical(found.samples, 'workflowsPerSecond'))} (${number(typical(found.samples, 'p50Ms'))} ms)`
}

function otherTables(parked: ParkedFigures | undefined, scale: readonly ScaleFigures[]): Titled[] {
  const parkedTable: Titled = {
    title: 'Workflows that wait for a signal:',
    head: [
      'parked',
      'bytes each',
      'of them heap',
      'broker, bytes each',
      'kill -9 to progress',
      'to progress everywhere',
    ],
    rows: parked
      ? [
          [
            number(parked.workflows),
            number(parked.bytesPerWorkflow),
            number(parked.heapBytesPerWorkflow),
            number(parked.brokerBytesPerWorkflow),
            `${number(parked.restartToProgressMs / 1_000)} s`,
            `${number(parked.restartToAllMs / 1_000)} s`,
          ],
        ]
      : [],
  }
  const scaleTable: Titled = {
    title: 'Orchestrators on one broker and one machine:',
    head: ['orchestrators', 'workflows/s', 'p50 ms'],
    rows: scale.map((one) => [number(one.orchestrators), number(one.workflowsPerSecond), number(one.p50Ms)]),
  }
  return [parkedTable, scaleTable]
}

export function terminalText(measured: Measured, report: Report): string {
  const tables = fullTables(measured).map(({ title, head, rows }) => `${title}\n\n${table(head, rows)}\n`)
  const targets = targetTable(report)
  return [...tables, ...(targets.rows.length > 0 ? [`${targets.title}\n\n${table(targets.head, targets.rows)}\n`] : [])]
    .join('\n')
    .trimEnd()
}
