/**
 * NASA C-MAPSS files: one cycle of one unit per line, 26 numbers between blanks (unit, cycle, three settings, 21
 * sensors), rows of a unit together and in time. Evaluation and replay read them here.
 */
import { Terminal } from '@pitcrew/errors'

const sensors = 'T2 T24 T30 T50 P2 P15 P30 Nf Nc Epr Ps30 Phi NRf NRc BPR FarB HtBleed NfDmd PCNfRDmd W31 W32'.split(
  ' ',
)
const settings = ['Setting1', 'Setting2', 'Setting3']
const path = (name: string): string => `Vehicle.Overlay.Turbofan.${name}`

/** Signals of the operating condition, in the order of their columns. */
export const cmapssSettings: readonly string[] = settings.map(path)
/** All signals in the order of their columns: the settings, then the sensors (names as in Saxena et al. 2008, table 2). */
export const cmapssSignals: readonly string[] = [...settings, ...sensors].map(path)

export interface CmapssRow {
  unit: number
  cycle: number
  /** In the order of `cmapssSignals`. */
  values: number[]
}

export interface CmapssUnit {
  unit: number
  rows: CmapssRow[]
}

const columns = cmapssSignals.length + 2
const hint = 'use the files as NASA publishes them: train_FD001.txt, test_FD001.txt, RUL_FD001.txt'

function malformed(file: string, line: number, words: string): Terminal {
  return new Terminal('DATA_SET_INCOMPLETE', `${file} line ${line}: ${words}`, { hint, details: { file, line } })
}

/** Throws Terminal DATA_SET_INCOMPLETE that names the line (from 1). */
export function readCmapssRow(text: string, file: string, line: number): CmapssRow {
  const cells = text.trim().split(/\s+/)
  if (cells.length !== columns) throw malformed(file, line, `${cells.length} columns: expected ${columns}`)
  const numbers = cells.map(Number)
  const wrong = numbers.findIndex((value) => !Number.isFinite(value))
  if (wrong !== -1)
    throw malformed(file, line, `column ${wrong + 1} is "${cells[wrong]!.slice(0, 20)}": expected a number`)
  const [unit, cycle, ...values] = numbers as [number, number, ...number[]]
  if (!isCount(unit) || !isCount(cycle))
    throw malformed(file, line, `unit ${unit}, cycle ${cycle}: expected whole numbers from 1`)
  return { unit, cycle, values }
}

/** Every row of a file, one at a time; blank lines are passed over. Throws as `readCmapssRow`, and when rows are out of order. */
export function* cmapssRows(text: string, file: string): Generator<CmapssRow> {
  const seen = new Set<number>()
  let last: CmapssRow | undefined
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue
    const row = readCmapssRow(content, file, index + 1)
    if (row.unit === last?.unit && row.cycle <= last.cycle)
      throw malformed(
        file,
        index + 1,
        `cycle ${row.cycle} of unit ${row.unit} follows ${last.cycle}: expected a later one`,
      )
    if (row.unit !== last?.unit && seen.has(row.unit))
      throw malformed(file, index + 1, `unit ${row.unit} goes on after unit ${last?.unit}: expected its rows together`)
    seen.add(row.unit)
    last = row
    yield row
  }
}

export function readCmapssUnits(text: string, file: string): CmapssUnit[] {
  const units: CmapssUnit[] = []
  for (const row of cmapssRows(text, file)) {
    const open = units.at(-1)
    if (open?.unit === row.unit) open.rows.push(row)
    else units.push({ unit: row.unit, rows: [row] })
  }
  return units
}

/** True remaining lives in cycles, one per line in the order of the test units. */
export function readRemainingLives(text: string, file: string): number[] {
  return text
    .split('\n')
    .map((content, index) => ({ word: content.trim(), line: index + 1 }))
    .filter(({ word }) => word !== '')
    .map(({ word, line }) => {
      const cycles = Number(word)
      if (Number.isInteger(cycles) && cycles >= 0) return cycles
      throw malformed(file, line, `"${word.slice(0, 20)}": expected a whole number of cycles`)
    })
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0
