/** The case as pictures: its phases, and the graph that runs them. */
import { vehicleCase } from '@pitcrew/orchestrator'
import {
  allNodes,
  expressionText,
  mermaidGraph,
  mermaidLifecycle,
  type Node,
  type TaskNode,
  type WaitNode,
} from '@pitcrew/workflow'
import { code, mermaid, page, table } from '../markdown.ts'

export function caseStatesPage(): string {
  const { name, version, lifecycle, graph } = vehicleCase
  const nodes = [...allNodes(graph)]
  return page(
    'The vehicle case',
    `Definition ${code(name)} version ${version}, from \`apps/orchestrator/src/domain/\`.`,
    '## Phases',
    `Any phase but ${lifecycle.completed} may also turn to ${lifecycle.retry}, while a failed step waits for its next ` +
      `attempt, and return to where it was; and to ${lifecycle.failed}, from where a person's retry leads back through ${lifecycle.retry}.`,
    mermaid([mermaidLifecycle(lifecycle)]),
    '## Graph',
    'A box is a task for an agent, a hexagon a wait or a decision of a person, a flag a checkpoint, a stadium an end of the case. ' +
      'What is dashed runs only under a condition.',
    mermaid([mermaidGraph(graph)]),
    '## Tasks',
    taskTable(nodes.filter((node: Node): node is TaskNode => node.kind === 'task')),
    '## Waits',
    table(
      ['node', 'ends by signal', 'waits for'],
      nodes
        .filter((node: Node): node is WaitNode => node.kind === 'wait')
        .map(({ id, signals, reason }) => [code(id), signals.map(code).join(', '), reason]),
    ),
    '## Decisions of people',
    table(
      ['node', 'decided by', 'about', 'without an answer in time'],
      nodes.flatMap((node) =>
        node.kind === 'approval'
          ? [[code(node.id), node.approvers, expressionText(node.reason), code(node.onTimeout)]]
          : [],
      ),
    ),
    '## Outcomes',
    table(
      ['outcome', 'given by', 'what was done before'],
      nodes.flatMap((node) =>
        node.kind === 'end' ? [[code(String(node.outcome)), code(node.id), node.undo ? 'is undone' : 'stands']] : [],
      ),
    ),
  )
}

function taskTable(tasks: readonly TaskNode[]): string {
  return table(
    ['node', 'capability', 'enters', 'attempts', 'undone by', 'failures that it lives with'],
    tasks.map(({ id, capability, phase = '', retry, undo, tolerates }) => [
      code(id),
      code(capability),
      phase,
      `${retry.attempts}, after ${retry.backoffMs.map((ms) => `${ms / 1_000}`).join(', ')} s`,
      code(undo?.capability ?? ''),
      tolerates === 'nothing' ? '' : tolerates === 'anything' ? 'any' : tolerates.map(code).join(', '),
    ]),
  )
}
