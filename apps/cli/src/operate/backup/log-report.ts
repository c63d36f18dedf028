import { green, red } from '../../print/colour.ts'
import { table } from '../../print/table.ts'
import type { PartitionReport } from './engine.ts'
import { size } from './sizes.ts'

/** One row for each partition of the log, and a line on each that is damaged. */
export function logReport(reports: readonly PartitionReport[]): string {
  const head = ['partition', 'frames', 'transitions', 'size', 'open', 'ended', 'from', 'to', '']
  const rows = reports.map(({ partition, frames, transitions, bytes, open, ended, firstAt, lastAt, damaged }) => [
    partition,
    frames,
    transitions,
    size(bytes),
    open,
    ended,
    firstAt ?? '',
    lastAt ?? '',
    damaged === null ? green('sound') : red('damaged'),
  ])
  return [table(head, rows), ...reports.flatMap(damageLine)].join('\n')
}

function damageLine({ partition, damaged }: PartitionReport): string[] {
  if (damaged === null) return []
  const place = damaged.sequence === undefined ? '' : ` at frame ${damaged.sequence}`
  return [red(`partition ${partition}${place}: ${damaged.code}: ${damaged.message}`)]
}
