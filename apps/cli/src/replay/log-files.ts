import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'

/**
 * The file, or the logs of the folder (which `logs` tells by their names) in the order of their names, or the folder itself for a
 * format of which it is the log. Throws Terminal FILE_NOT_FOUND.
 */
export function logFiles(path: string, callerDir: string, logNames: RegExp | undefined): string[] {
  const full = resolve(callerDir, path)
  const stat = statSync(full, { throwIfNoEntry: false })
  if (stat === undefined) throw notFound(`there is no file ${full}`, 'check the path; it is relative to where you are')
  if (!stat.isDirectory() || logNames === undefined) return [full]
  const logs = readdirSync(full)
    .filter((name) => logNames.test(name))
    .sort(naturally)
  if (logs.length === 0)
    throw notFound(
      `${full} holds no logs of this format: expected names like ${likeness(logNames)}`,
      'give a log, or a folder of logs',
    )
  return logs.map((name) => join(full, name))
}

/** What the file is called, as part of a vehicle id. */
export const stemOf = (file: string): string =>
  basename(file)
    .replace(/\.\w+$/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')

const naturally = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** `^test_\w+\.txt$` as a person writes it: `test_*.txt`. */
const likeness = (names: RegExp): string => names.source.replaceAll('\\w+', '*').replaceAll(/[\\$^]/g, '')

const notFound = (message: string, hint: string): Terminal => new Terminal('FILE_NOT_FOUND', message, { hint })
