/**
 * Microsoft's azure-pdm: each machine is a vehicle, its errors are fault codes of a maker's own range: error1 is P1001, error2
 * P1002 and so on. An error is an event: its code is active for the hour in which it stands. Maintenance and failures are not
 * telemetry, and are not sent.
 */
import { dirname } from 'node:path'
import { statSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import type { DeviceFrame } from '../../api/ingest.ts'
import { readAzurePdm, type AzurePdmRow } from '../../evaluate/azure-pdm/read-azure-pdm.ts'
import { logOf, type Logs } from '../log.ts'
import type { Format } from './format.ts'

/** The data set's own resolution. */
const hourMs = 3_600_000

export const azurePdm: Format = { files: undefined, injectable: false, whenLong: 'squeeze', read }

/** The folder, or one of its files. Throws Terminal DATA_SET_INCOMPLETE. */
async function read(path: string): Promise<Logs> {
  const dir = statSync(path).isDirectory() ? path : dirname(path)
  const { errors } = await readAzurePdm(dir)
  const byMachine = new Map<number, AzurePdmRow[]>()
  for (const row of errors) {
    const rows = byMachine.get(row.machine)
    if (rows) rows.push(row)
    else byMachine.set(row.machine, [row])
  }
  if (byMachine.size === 0)
    throw new Terminal('DATA_SET_INCOMPLETE', `${dir} holds no errors: expected rows in PdM_errors.csv`, {
      hint: 'is it the whole data set?',
    })
  const logs = Array.from(byMachine, ([machine, rows]) => logOf(dir, `machine-${machine}`, false, framesOf(rows)))
  return { logs, badRows: [] }
}

/** Rows by time. Throws Terminal DATA_SET_INCOMPLETE. */
export function framesOf(rows: readonly AzurePdmRow[]): DeviceFrame[] {
  const codes = new Map<number, string[]>()
  for (const { atMs, what } of rows) {
    codes.set(atMs, [...(codes.get(atMs) ?? []), codeOf(what)])
    if (!codes.has(atMs + hourMs)) codes.set(atMs + hourMs, [])
  }
  return Array.from(codes, ([timeMs, dtcs]) => ({ timeMs, values: {}, dtcs })).sort((a, b) => a.timeMs - b.timeMs)
}

function codeOf(error: string): string {
  const number = Number(/^error(\d{1,3})$/.exec(error)?.[1] ?? NaN)
  if (number >= 1) return `P1${String(number).padStart(3, '0')}`
  throw new Terminal('DATA_SET_INCOMPLETE', `an error is called "${error.slice(0, 30)}": expected error1 to error999`, {
    hint: 'is PdM_errors.csv as it was published?',
  })
}
