/** C1: one operation on many workflows, with a result for each. */
import type { engine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { table } from '../../print/table.ts'
import { green, red, yellow } from '../../print/colour.ts'
import { json, line } from '../output.ts'
import { givenCount, givenJson, givenPairs } from './given.ts'
import { queryOf, type Which } from './list.ts'
import { renamings } from './steer.ts'
import { nothing } from './text.ts'

export interface BulkOptions extends Which, Target {
  json?: boolean
  id?: string
  limit: string
  dryRun?: boolean
  reason: string
  checkpoint?: string
  signal?: string
  key?: string
  payload?: string
  to?: string
  map: string[]
}

/** Gives whether all went well. */
export async function operateInBulk(operation: string, options: BulkOptions): Promise<boolean> {
  const act = actOf(operation, options)
  const filter = filterOf(options, Date.now())
  const limit = givenCount(options.limit, '--limit', 1)
  const { dryRun = false } = options
  const answer = await openWorkflows(options).bulk({ filter, limit, dryRun, ...act })
  if (options.json) json(answer)
  else line(bulkText(answer, operation, dryRun))
  return dryRun || answer.results.every(({ done }) => done)
}

export function bulkText({ results, more }: engine.OperateInBulkResponse, operation: string, dryRun: boolean): string {
  if (results.length === 0) return nothing('workflows')
  const rows = results.map(({ workflowId, done, failure }) => [
    dryRun ? yellow('would') : done ? green('done') : red('failed'),
    workflowId,
    failure ? `${failure.code}: ${failure.message}${failure.hint ? ` (next: ${failure.hint})` : ''}` : '',
  ])
  const done = results.filter((one) => one.done).length
  const sum = dryRun ? `${results.length} would be touched by ${operation}` : `${done} of ${results.length} done`
  const rest = more ? '; there are more: raise --limit, or run it again' : ''
  return `${table(['', 'workflow', ''], rows)}\n${sum}${rest}`
}

/** The same conditions as of a search, in the form of a body. */
export function filterOf(options: Which & { id?: string }, now: number): Record<string, unknown> {
  const { status, definition, phase, priority, urgency, vehicle, parent, outcome, text, ...times } = queryOf(
    options,
    now,
  )
  const attributes = givenPairs(options.attribute, '--attribute')
  const all = {
    workflowIds: listed(options.id),
    definitions: listed(definition),
    statuses: listed(status),
    phases: listed(phase),
    priorities: listed(priority),
    urgencies: listed(urgency),
    vehicleId: vehicle,
    parentId: parent,
    outcomes: listed(outcome),
    text,
    ...times,
    attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

const listed = (text: string | number | undefined): string[] | undefined =>
  text === undefined
    ? undefined
    : String(text)
        .split(',')
        .map((one) => one.trim())

function actOf(operation: string, options: BulkOptions): Record<string, object> {
  const { reason, checkpoint, signal, key, payload, to, map } = options
  switch (operation) {
    case 'resume':
    case 'retry':
      return { [operation]: {} }
    case 'pause':
    case 'cancel':
    case 'terminate':
      return { [operation]: { reason } }
    case 'reset':
      return {
        reset: {
          checkpoint: needed(checkpoint, operation, '--checkpoint'),
          reason: needed(reason, operation, '--reason'),
        },
      }
    case 'signal':
      return {
        signal: {
          signal: needed(signal, operation, '--signal'),
          signalId: needed(key, operation, '--key'),
          payload: payload === undefined ? undefined : givenJson(payload, '--payload'),
        },
      }
    case 'migrate':
      return { migrate: { version: givenCount(needed(to, operation, '--to'), '--to', 1), mapping: renamings(map) } }
    default:
      throw new Terminal('BAD_USAGE', `"${operation}" is not an operation in bulk`, {
        hint: 'expected pause, resume, cancel, terminate, retry, reset, signal or migrate',
      })
  }
}

function needed(value: string | undefined, operation: string, option: string): string {
  if (value) return value
  throw new Terminal('BAD_USAGE', `${operation} in bulk needs ${option}`, { hint: './pitcrew workflows bulk --help' })
}
