/** Parts of workflows as people read them. */
import type { engine, workflow } from '@pitcrew/contracts'
import { dim, green, red, yellow } from '../../print/colour.ts'
import { duration, hours } from '../../print/duration.ts'
import { words } from '../../print/names.ts'

/** `0.4 s`, `2 min 5 s`, `3 h`, `6.7 d`. */
export const lasting = (seconds: number): string =>
  seconds < 3_600 ? duration(seconds * 1_000) : hours(seconds / 3_600)

export const ago = (at: string | undefined, now: number): string =>
  at ? `${lasting(Math.max(0, now - Date.parse(at)) / 1_000)} ago` : ''

export const percent = (share: number): string => `${Math.round(share * 100)} %`

const colours: Partial<Record<workflow.WorkflowStatus, (text: string) => string>> = {
  WORKFLOW_STATUS_COMPLETED: green,
  WORKFLOW_STATUS_FAILED: red,
  WORKFLOW_STATUS_PAUSED: yellow,
  WORKFLOW_STATUS_CANCELLED: yellow,
}

export const statusText = (status: workflow.WorkflowStatus): string => (colours[status] ?? String)(words(status))

/** Nothing where it says no more than the status. */
export const outcomeText = (outcome: string, status: workflow.WorkflowStatus): string =>
  outcome === words(status) ? '' : outcome

/** `42 %, about 3.0 s left (9 in 10 within 8.0 s)`; without an estimate where no earlier run was measured. */
export function progressText({ progress, timeLeft, endedAt }: engine.Workflow): string {
  if (endedAt) return ''
  if (!timeLeft) return `${progress} %`
  const { medianSeconds, p90Seconds } = timeLeft
  return `${progress} %, about ${lasting(medianSeconds)} left (9 in 10 within ${lasting(p90Seconds)})`
}

export function failureLines({ node, code, message, hint }: engine.WorkflowFailure): string {
  const where = node ? ` at ${node}` : ''
  return `${red(code)}${where}: ${message}${hint ? `\n  ${yellow('next:')} ${hint}` : ''}`
}

/** A value on one line, cut where it is long. */
export function brief(value: unknown, most = 100): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

export const indented = (lines: readonly string[]): string => lines.map((text) => `  ${text}`).join('\n')

export const nothing = (what: string): string => dim(`there are no such ${what}`)
