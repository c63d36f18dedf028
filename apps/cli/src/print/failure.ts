import type { Failure } from '@pitcrew/errors'
import { red, yellow } from './colour.ts'

/** What the person gave was wrong: the same command would fail again. */
const badInput: ReadonlySet<string> = new Set([
  'BAD_CONFIG',
  'BAD_USAGE',
  'FILE_NOT_FOUND',
  'NOT_CAROBD',
  'UNKNOWN_FAULT',
  'UNKNOWN_FAULT_PARAMETER',
  'UNKNOWN_FORMAT',
  'UNKNOWN_PROJECT',
  'UNKNOWN_SERVICE',
])

export type ExitCode = 0 | 1 | 2

export const exitCodeOf = ({ code }: Pick<Failure, 'code'>): ExitCode => (badInput.has(code) ? 2 : 1)

/** Two lines: `CODE: what was wrong` and what to do next. */
export function failureText({ code, message, hint }: Pick<Failure, 'code' | 'message' | 'hint'>): string {
  const next = hint === undefined ? '' : `\n  ${yellow('next:')} ${hint}`
  return `${red(code)}: ${message}${next}\n`
}
