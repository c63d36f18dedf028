/** F9: starts a workflow by template or definition; the id is the idempotency key. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { engine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { unary } from '@pitcrew/rpc'
import type { Definition, Json } from '@pitcrew/workflow'
import { traceparent } from '../handlers/trace.ts'
import { checkedInput, type Template } from '../templates/index.ts'
import { liveOf, type WorkflowRpcParts } from './parts.ts'

/** Ids are parts of subjects and of task ids, where '/' divides id and path. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9_:-]{0,199}$/
/** A transition has to fit into a frame. */
const mostInputBytes = 128 * 1024

export function startRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, 'startWorkflow'> {
  return {
    startWorkflow: unary(async (request: engine.StartWorkflowRequest) => {
      const { definition, template } = what(parts, request)
      const id = request.workflowId || `${definition.name}-${randomUUID()}`
      const given = plain(request.input)
      refuse(id, given)
      const input = template ? checkedInput(template, given) : given
      const attributes = {
        ...template?.attributesOf?.(input),
        ...(plain(request.attributes ?? {}) as { [name: string]: Json }),
      }
      const { name, version } = definition
      const trace = traceparent()
      await parts.workflows.start({ id, definition: name, version, input, attributes, ...(trace && { trace }) })
      await mustBeTheSame(parts, id, definition, input)
      return { workflowId: id, definition: name, version }
    }),
  }
}

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json

/** A definition that has a template is checked by its schema too, however it is named. */
function what(
  { catalogue, templates }: WorkflowRpcParts,
  { template: name, definition, version }: engine.StartWorkflowRequest,
): { definition: Definition; template?: Template | undefined } {
  if (name) {
    const template = templates.find((one) => one.name === name)
    if (template) return { definition: template.definition, template }
    throw new Terminal('UNKNOWN_TEMPLATE', `there is no template "${name}"`, {
      hint: `there are: ${templates.map((one) => one.name).join(', ')}`,
    })
  }
  if (!definition) throw new Terminal('BAD_REQUEST', 'nothing to start was named, expected a template or a definition')
  const { definition: found } = catalogue.get(definition, version)
  return { definition: found, template: templates.find((one) => sameVersion(one.definition, found)) }
}

const sameVersion = (a: Definition, b: Definition): boolean => a.name === b.name && a.version === b.version

function refuse(id: string, input: Json): void {
  if (!idPattern.test(id)) {
    throw new Terminal(
      'BAD_WORKFLOW_ID',
      'the workflow id cannot be used, expected letters, digits, "-", "_" and ":", at most 200',
      {
        details: { workflowId: id.slice(0, 250) },
      },
    )
  }
  const bytes = Buffer.byteLength(JSON.stringify(input))
  if (bytes <= mostInputBytes) return
  throw new Terminal('TOO_LARGE', `the input has ${bytes} bytes, expected at most ${mostInputBytes}`, {
    hint: 'store what is large elsewhere and give a reference to it',
  })
}

/** The engine takes a second start under the same id for the first one; here it may only be the same start again. */
async function mustBeTheSame(
  { workflows, store }: WorkflowRpcParts,
  id: string,
  definition: Definition,
  input: Json,
): Promise<void> {
  const running = await liveOf(workflows, id)
  const known = running
    ? { definition: running.state.definition, input: running.state.input }
    : await store.get(id).then((one) => one && { definition: one.row.definition, input: one.row.outputs?.$input })
  if (!known) return
  if (
    known.definition === definition.name &&
    (known.input === undefined || isDeepStrictEqual(plain(known.input), input))
  )
    return
  throw new Terminal('ALREADY_EXISTS', `workflow ${id} was started before, as something else`, {
    hint: 'use another id, or the same definition and input',
    details: { workflowId: id, definition: known.definition },
  })
}
