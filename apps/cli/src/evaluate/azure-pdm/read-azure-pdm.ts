/** Reads the folder of azure-pdm: PdM_machines, PdM_errors, PdM_maint and PdM_failures.csv. Telemetry is not asked for. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { Terminal } from '@pitcrew/errors'

export interface AzurePdmRow {
  atMs: number
  machine: number
  /** An error code in `errors`, a component elsewhere. */
  what: string
}

/** Rows by time, then machine, then word; rows that are there twice count once. Times are taken as UTC. */
export interface AzurePdm {
  machines: { machine: number; model: string; ageYears: number }[]
  errors: AzurePdmRow[]
  maintenance: AzurePdmRow[]
  failures: AzurePdmRow[]
}

type Row = Record<string, string>

interface Place {
  file: string
  line: number
}

const timeForm = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})$/

/** Throws Terminal DATA_SET_INCOMPLETE when a file is missing, or naming file and line of a row that is not of its form. */
export async function readAzurePdm(dir: string): Promise<AzurePdm> {
  const rows = async (file: string, columns: string[]): Promise<[Row, Place][]> => rowsOf(dir, file, columns)
  const machines = new Map<number, AzurePdm['machines'][number]>()
  for (const [row, place] of await rows('PdM_machines.csv', ['machineID', 'model', 'age'])) {
    const machine = whole(row, 'machineID', place)
    machines.set(machine, { machine, model: word(row, 'model', place), ageYears: whole(row, 'age', place) })
  }
  const table = async (file: string, column: string): Promise<AzurePdmRow[]> =>
    tidy(
      (await rows(file, ['datetime', 'machineID', column])).map(([row, place]) => {
        const machine = whole(row, 'machineID', place)
        if (!machines.has(machine)) throw malformed(place, `machine ${machine}`, 'one of PdM_machines.csv')
        return { atMs: time(row, place), machine, what: word(row, column, place) }
      }),
    )
  return {
    machines: [...machines.values()].sort((a, b) => a.machine - b.machine),
    errors: await table('PdM_errors.csv', 'errorID'),
    maintenance: await table('PdM_maint.csv', 'comp'),
    failures: await table('PdM_failures.csv', 'failure'),
  }
}

async function rowsOf(dir: string, file: string, columns: readonly string[]): Promise<[Row, Place][]> {
  const hint = `azure-pdm is PdM_machines.csv, PdM_errors.csv, PdM_maint.csv and PdM_failures.csv in ${dir}`
  const text = await readFile(join(dir, file), 'utf8').catch((error: unknown) => {
    throw new Terminal('DATA_SET_INCOMPLETE', `${file} cannot be read: expected a CSV file in ${dir}`, {
      hint,
      cause: error,
    })
  })
  const [head, ...body] = parsed(text, file)
  const names = head?.record ?? []
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw malformed({ file, line: 1 }, `"${names.join(',')}"`, `columns ${columns.join(', ')}`)
  return body.map(({ record, line }) => [
    Object.fromEntries(names.map((name, index) => [name, (record[index] ?? '').trim()])),
    { file, line },
  ])
}

function parsed(text: string, file: string): { record: string[]; line: number }[] {
  const options = { bom: true, skip_empty_lines: true, relax_column_count: true, info: true } as const
  try {
    const found = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[]
    return found.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1
    throw malformed({ file, line }, Error.isError(error) ? error.message : 'text', 'comma-separated values')
  }
}

function time(row: Row, place: Place): number {
  const text = row.datetime ?? ''
  const parts = timeForm.exec(text)?.slice(1).map(Number)
  if (parts !== undefined) {
    const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number]
    const atMs = Date.UTC(year, month - 1, day, hour, minute, second)
    if (new Date(atMs).toISOString().slice(0, 19) === text.replace(' ', 'T')) return atMs
  }
  throw malformed(place, `datetime "${text}"`, 'a time such as 2015-01-31 06:00:00')
}

function whole(row: Row, column: string, place: Place): number {
  const text = row[column] ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw malformed(place, `${column} "${text}"`, 'a whole number')
}

function word(row: Row, column: string, place: Place): string {
  const text = row[column] ?? ''
  if (text !== '' && text.length <= 100) return text
  throw malformed(place, `${column} "${text.slice(0, 20)}"`, 'a word of 1 to 100 characters')
}

function tidy(rows: readonly AzurePdmRow[]): AzurePdmRow[] {
  const once = new Map(rows.map((row) => [`${row.atMs}/${row.machine}/${row.what}`, row]))
  return [...once.values()].sort(
    (a, b) => a.atMs - b.atMs || a.machine - b.machine || (a.what < b.what ? -1 : a.what > b.what ? 1 : 0),
  )
}

const malformed = ({ file, line }: Place, was: string, expected: string): Terminal =>
  new Terminal('DATA_SET_INCOMPLETE', `${file}, line ${line}: ${was}: expected ${expected}`, {
    hint: `mend or remove line ${line} of ${file}`,
  })
