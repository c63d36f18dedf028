import type { workflow } from '@pitcrew/contracts'
import { casesTable } from '../operate/list-cases.ts'
import { line } from '../operate/output.ts'
import { plain } from '../print/names.ts'
import type { BadRow } from './log.ts'
import type { Sent } from './send.ts'
import type { Findings } from './settle.ts'

export interface ReplayResult {
  sent: Sent
  badRows: readonly BadRow[]
  findings: Findings
  vehicles: string[]
}

/** `{ readings, frames, quarantined, duplicates, badRows, alerts, cases: { SCHEDULED: 1 }, settled, vehicles }` */
export function summaryOf({ sent, badRows, findings: { alerts, cases, settled }, vehicles }: ReplayResult) {
  return { ...sent, badRows: badRows.length, alerts: alerts.size, cases: byPhase(cases), settled, vehicles }
}

function byPhase(cases: readonly workflow.Case[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { phase } of cases) counts[plain(phase)] = (counts[plain(phase)] ?? 0) + 1
  return counts
}

const rowsTold = 5

export function tellBadRows(badRows: readonly BadRow[]): void {
  for (const { file, line: number, code, message } of badRows.slice(0, rowsTold)) {
    line(`${file}:${number}: ${code}: ${message}`)
  }
  if (badRows.length > rowsTold) line(`... and ${badRows.length - rowsTold} more rows that cannot be read`)
}

export function tellSummary({ sent, badRows, findings: { alerts, cases, settled }, vehicles }: ReplayResult): void {
  const { readings, frames, quarantined, duplicates } = sent
  line(`${counted(readings, 'reading')} in ${counted(frames, 'frame')} of ${vehiclesText(vehicles)}`)
  const bad = counted(badRows.length, 'bad row')
  line(`${counted(quarantined, 'reading')} quarantined, ${counted(duplicates, 'frame')} known already, ${bad}`)
  const late = settled ? '' : '; some are still on their way'
  line(`${counted(alerts.size, 'alert')}, ${counted(cases.length, 'case')}${late}`)
  if (cases.length > 0) line(`\n${casesTable(cases, Date.now())}`)
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const vehiclesNamed = 4

/** By their ids, under which their history is to be found; many by their number and the first. */
export function vehiclesText(vehicles: readonly string[]): string {
  if (vehicles.length <= vehiclesNamed) return vehicles.join(', ')
  return `${vehicles.length} vehicles (${vehicles[0]}, ...)`
}
