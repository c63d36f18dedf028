/** The case as pictures: its phases, and the graph that runs them. */
import { vehicleCase } from '@pitcrew/orchestrator'
import { allNodes, type Graph, type Lifecycle, type Node, type TaskNode, type WaitNode } from '@pitcrew/workflow'
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
    mermaid(phases(lifecycle)),
    '## Graph',
    'A box is a task for an agent, a hexagon a wait, a stadium an end of the case. What is dashed runs only under a condition.',
    mermaid(['flowchart TB', ...drawGraph(graph, '  ')]),
    '## Tasks',
    taskTable(nodes.filter((node): node is TaskNode => node.kind === 'task')),
    '## Waits',
    table(
      ['node', 'ends by signal', 'waits for'],
      nodes
        .filter((node): node is WaitNode => node.kind === 'wait')
        .map(({ id, signals, reason }) => [code(id), signals.map(code).join(', '), reason]),
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

function phases({ initial, completed, failed, retry, next }: Lifecycle): string[] {
  const steps = Object.entries(next).flatMap(([from, followers]) => followers.map((to) => `  ${from} --> ${to}`))
  const working = Object.keys(next).filter((phase) => ![completed, failed, retry].includes(phase))
  return [
    'stateDiagram-v2',
    `  [*] --> ${initial}`,
    ...steps,
    ...working.map((phase) => `  ${phase} --> ${retry}`),
    `  ${retry} --> ${failed}`,
    `  ${failed} --> ${retry}: retried`,
    `  ${completed} --> [*]`,
  ]
}

function drawGraph(graph: Graph, indent: string): string[] {
  return [
    ...graph.nodes.flatMap((node) => drawNode(node, indent)),
    ...graph.nodes.flatMap((node) =>
      node.after.map(
        (before) => `${indent}${mermaidId(before)} ${node.when === undefined ? '-->' : '-.->'} ${mermaidId(node.id)}`,
      ),
    ),
  ]
}

function drawNode(node: Node, indent: string): string[] {
  const id = mermaidId(node.id)
  const inner = `${indent}  `
  switch (node.kind) {
    case 'task':
      return [`${indent}${id}["${node.id}<br/><small>${node.capability}</small>"]`]
    case 'wait':
      return [`${indent}${id}{{"${node.id}"}}`]
    case 'end':
      return [`${indent}${id}(["${node.id}"])`]
    case 'value':
    case 'commit':
      return [`${indent}${id}[/"${node.id}"/]`]
    case 'loop':
      return group(indent, id, `${node.id}: at most ${node.max} times`, drawGraph(node.graph, inner))
    case 'parallel':
      return group(
        indent,
        id,
        `${node.id}: side by side`,
        node.branches.flatMap(({ graph }) => drawGraph(graph, inner)),
      )
    case 'branch':
      return group(
        indent,
        id,
        node.id,
        node.cases.flatMap(({ graph }) => drawGraph(graph, inner)),
      )
  }
}

const group = (indent: string, id: string, title: string, inside: string[]): string[] => [
  `${indent}subgraph ${id}["${title}"]`,
  ...inside,
  `${indent}end`,
]

/** "end" is a word of the language, and a hyphen could be part of an arrow. */
const mermaidId = (id: string): string => `n_${id.replaceAll('-', '_')}`

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
