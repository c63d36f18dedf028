import { toFailure } from '@pitcrew/errors'
import type { BackupManifest, BackupTarget, DamagedFile, SavedTable } from './engine.ts'
import { linesOf } from './lines.ts'

/** Whether every table's file has the rows and columns that the manifest says. */
export async function checkRows(target: BackupTarget, { sql }: BackupManifest): Promise<DamagedFile[]> {
  const damaged: DamagedFile[] = []
  for (const saved of sql?.schemas.flatMap(({ tables }) => tables) ?? []) {
    const why = await differs(target, saved)
    if (why !== undefined) damaged.push({ path: saved.file, why })
  }
  return damaged
}

async function differs(target: BackupTarget, { file, columns, rows }: SavedTable): Promise<string | undefined> {
  let read = 0
  for await (const line of linesOf(target.read(file))) {
    read++
    try {
      const values = JSON.parse(line) as unknown[]
      if (values.length !== columns.length)
        return `line ${read} has ${values.length} values, expected ${columns.length}`
    } catch (error) {
      return `line ${read} is not JSON: ${toFailure(error).message}`
    }
  }
  return read === rows ? undefined : `it has ${read} rows, expected ${rows}`
}
