import { capabilities, type Capability } from '@pitcrew/contracts'
import { vehicleCase } from '@pitcrew/orchestrator'
import { allNodes } from '@pitcrew/workflow'
import { code, page, table } from '../markdown.ts'
import { messageName, shortName } from '../message-names.ts'

const all: readonly Capability<unknown, unknown>[] = Object.values(capabilities)

export function capabilitiesPage(): string {
  return page(
    'Capabilities',
    'What agents can do for a workflow, from `libs/contracts/src/capabilities.ts`. A task waits on ' +
      '`task.<capability>.<priority>`; its input and its result are the JSON form of these messages. Delivery is at least ' +
      'once: the task id is the idempotency key.',
    table(
      ['capability', 'agent', 'request', 'response', 'one attempt', 'used by'],
      all.map(({ name, service, request, response, timeoutMs }) => [
        code(name),
        service,
        shortName(messageName(request)),
        shortName(messageName(response)),
        `${timeoutMs / 1_000} s`,
        usesOf(name),
      ]),
    ),
  )
}

/** Nodes of the case that ask for it, and those that undo with it. */
function usesOf(capability: string): string {
  const uses = [...allNodes(vehicleCase.graph)].flatMap((node) => {
    if (node.kind !== 'task') return []
    const asks = node.capability === capability ? [code(node.id)] : []
    return node.undo?.capability === capability ? [...asks, `undo of ${code(node.id)}`] : asks
  })
  return uses.join(', ')
}
