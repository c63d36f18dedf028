/** F3: what people may change, and ask, while a workflow runs. */
import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { evaluate, truthy } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import type { Program } from './compile.ts'
import { outside } from './environment.ts'
import type { WorkflowEvent } from './event.ts'
import type { WorkflowState } from './state.ts'

type Updated = WorkflowEvent & { type: 'updated' }

const answersRemembered = 32

/** Why the update cannot be made; undefined if it can. */
export function refusalOf(program: Program, state: WorkflowState, event: Updated): Failure | undefined {
  try {
    outcomeOf(program, state, event)
    return undefined
  } catch (error) {
    return toFailure(error)
  }
}

export function update(program: Program, state: WorkflowState, event: Updated): void {
  const { attributes, result } = outcomeOf(program, state, event)
  state.attributes = attributes
  state.answers = [...(state.answers ?? []).slice(1 - answersRemembered), { updateId: event.updateId, result }]
}

/** What an update that was applied was answered; undefined if it is not known (any more). */
export function answerOf(state: WorkflowState, updateId: string): Json | undefined {
  return state.answers?.find((answer) => answer.updateId === updateId)?.result
}

/** @throws Terminal UNKNOWN_UPDATE, UPDATE_REFUSED */
function outcomeOf(
  { definition }: Program,
  state: WorkflowState,
  { name, payload, at }: Updated,
): { attributes: WorkflowState['attributes']; result: Json } {
  const { updates = {} } = definition
  const declared = Object.hasOwn(updates, name) ? updates[name] : undefined
  if (!declared) throw unknown('UNKNOWN_UPDATE', 'update', name, definition.name, Object.keys(updates))
  const before = outside(state, at, payload)
  try {
    if (declared.when !== undefined && !truthy(evaluate(declared.when, before)))
      throw new Terminal('UPDATE_REFUSED', `update "${name}" does not hold for what it was given`)
    const changed = evaluate(declared.set, before) as WorkflowState['attributes']
    const attributes = { ...state.attributes, ...changed }
    return { attributes, result: evaluate(declared.result, outside({ ...state, attributes }, at, payload)) }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code === 'UPDATE_REFUSED') throw failure
    throw new Terminal('UPDATE_REFUSED', `update "${name}": ${failure.message}`, { cause: failure })
  }
}

/**
 * What the workflow answers to a query that its definition declares.
 * @throws Terminal UNKNOWN_QUERY, BAD_EXPRESSION
 */
export function query({ definition }: Program, state: WorkflowState, name: string, now: number): Json {
  const { queries = {} } = definition
  if (!Object.hasOwn(queries, name))
    throw unknown('UNKNOWN_QUERY', 'query', name, definition.name, Object.keys(queries))
  return evaluate(queries[name] as Json, outside(state, now))
}

function unknown(code: string, what: string, name: string, definition: string, known: string[]): Terminal {
  return new Terminal(code, `${definition} has no ${what} "${name}"`, { hint: `known are: ${known.join(', ')}` })
}
