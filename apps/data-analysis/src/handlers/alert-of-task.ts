import { Terminal } from '@pitcrew/errors'
import type { AlertRecord, CaseFiles } from './ports.ts'

/** The alert that a diagnosis task is about. Terminal NOT_FOUND when it is none of ours. */
export async function alertOfTask(
  files: Pick<CaseFiles, 'alert'>,
  { alertId }: { alertId: string },
): Promise<AlertRecord> {
  const record = await files.alert(alertId)
  if (record === undefined)
    throw new Terminal(
      'NOT_FOUND',
      `alert ${JSON.stringify(alertId)} is not known: expected one that was raised here`,
      {
        hint: './pitcrew alerts list',
      },
    )
  return record
}
