/** The recorded drives of a folder, as the frames that a device would have sent. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { detection } from '@pitcrew/data-analysis'
import { Terminal, toFailure } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import { carobdRows } from '@pitcrew/simulator'

export interface Logs {
  /** Name of the drive -> its frames, in the order in which people count: drive2 before drive10. */
  drives: Map<string, SignalFrame[]>
  rows: number
  /** Rows that the reader refused, and files that are no carOBD log at all. */
  refusedRows: number
  refusedFiles: string[]
}

/** @throws Terminal DATA_SET_INCOMPLETE when the folder holds no log */
export function readLogs(folder: string): Logs {
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.csv') ? [file.slice(0, -4)] : []))
  const logs: Logs = { drives: new Map(), rows: 0, refusedRows: 0, refusedFiles: [] }
  const { compare } = new Intl.Collator('en', { numeric: true })
  for (const name of names.toSorted(compare)) readLog(logs, name, join(folder, `${name}.csv`))
  if (logs.drives.size > 0) return logs
  throw new Terminal(
    'DATA_SET_INCOMPLETE',
    `${folder} holds no carOBD log: expected drive1.csv, idle1.csv and others`,
    {
      hint: 'the logs are those of github.com/eron93br/carOBD, one CSV file each',
    },
  )
}

function readLog(logs: Logs, name: string, file: string): void {
  const frames: SignalFrame[] = []
  try {
    for (const row of carobdRows(readFileSync(file, 'utf8'), { startMs: detection.startMs })) {
      if (row.kind === 'frame') frames.push(row.frame)
      if (row.kind === 'rejected') logs.refusedRows++
    }
  } catch (thrown) {
    if (toFailure(thrown).code !== 'NOT_CAROBD') throw thrown
    logs.refusedFiles.push(name)
    return
  }
  logs.rows += frames.length
  if (frames.length > 0) logs.drives.set(name, frames)
}
