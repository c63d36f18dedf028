import type { workflow } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { openGateway, type Target } from '../api/locate.ts'
import { duration } from '../print/duration.ts'
import { plain, words } from '../print/names.ts'
import { table } from '../print/table.ts'
import { json, line } from './output.ts'

export interface ListOptions extends Target {
  json?: boolean
  phase?: string
  vehicle?: string
  limit: string
}

export async function listCases({ phase, vehicle, limit, ...options }: ListOptions): Promise<void> {
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) {
    throw new Terminal('BAD_USAGE', `--limit is "${limit}": expected a whole number from 1`, {
      hint: './pitcrew cases list --help',
    })
  }
  const phases = phase?.split(',').map((name) => name.trim().toUpperCase())
  const cases = await openGateway(options).cases({ vehicle, phases, limit: most })
  if (options.json) return json(cases)
  line(cases.length === 0 ? 'there are no such cases' : casesTable(cases, Date.now()))
}

export function casesTable(cases: readonly workflow.Case[], now: number): string {
  const head = ['case', 'vehicle', 'system', 'urgency', 'phase', 'changed', 'what']
  return table(
    head,
    cases.map(({ caseId, vehicleId, system, urgency, phase, status, updatedAt, outcome, detail }) => [
      caseId,
      vehicleId,
      words(system),
      plain(urgency),
      status === 'WORKFLOW_STATUS_PAUSED' ? `${plain(phase)} (paused)` : plain(phase),
      updatedAt ? `${duration(Math.max(0, now - Date.parse(updatedAt)))} ago` : '',
      outcome || detail,
    ]),
  )
}
