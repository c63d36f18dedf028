/** A definition and its lifecycle in the language of Mermaid (mermaid.js.org). */
import type { Graph, Node } from '../definition/definition.ts'
import type { Lifecycle } from '../definition/lifecycle.ts'
import { captionedGraphs, subtitle } from './node-text.ts'
import type { Overlay } from './overlay.ts'

/** A flowchart; with an overlay also where a workflow is. */
export function mermaidGraph(graph: Graph, overlay?: Overlay): string {
  const lines = ['flowchart TB', ...drawGraph(graph, '  ')]
  if (overlay) lines.push(...standings, ...[...overlay].map(([id, standing]) => `  class ${mermaidId(id)} ${standing}`))
  return lines.join('\n')
}

/** Colours that can be read on light and on dark ground. */
const standings = [
  '  classDef ended stroke:#2e9e5b,stroke-width:2px',
  '  classDef active stroke:#2f7de1,stroke-width:4px',
  '  classDef failed stroke:#d43f3a,stroke-width:4px',
  '  classDef skipped stroke-dasharray:4 4,opacity:0.6',
]

/** A state diagram of the phases. */
export function mermaidLifecycle({ initial, completed, failed, retry, next }: Lifecycle): string {
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
  ].join('\n')
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
  const label = text(node.id)
  const both = `"${label}<br/><small>${text(subtitle(node))}</small>"`
  switch (node.kind) {
    case 'task':
      return [`${indent}${id}[${both}]`]
    case 'child':
      return [`${indent}${id}[[${both}]]`]
    case 'generated':
      return captionedGraphs(node).length > 0 ? drawGroup(node, indent) : [`${indent}${id}[[${both}]]`]
    case 'wait':
      return [`${indent}${id}{{"${label}"}}`]
    case 'approval':
      return [`${indent}${id}{{${both}}}`]
    case 'end':
      return [`${indent}${id}(["${label}"])`]
    case 'value':
    case 'commit':
      return [`${indent}${id}[/"${label}"/]`]
    case 'checkpoint':
      return [`${indent}${id}>"${label}"]`]
    case 'branch':
    case 'loop':
    case 'parallel':
    case 'map':
      return drawGroup(node, indent)
  }
}

function drawGroup(node: Node, indent: string): string[] {
  const inside = captionedGraphs(node).flatMap(({ graph }) => drawGraph(graph, `${indent}  `))
  const title = `${text(node.id)}: ${text(subtitle(node))}`
  return [`${indent}subgraph ${mermaidId(node.id)}["${title}"]`, ...inside, `${indent}end`]
}

/** "end" is a word of the language, and a hyphen could be part of an arrow. */
const mermaidId = (id: string): string => `n_${id.replaceAll('-', '_')}`

/** Quotes end a label, angle brackets begin HTML in it, and a hash an entity. */
const text = (label: string): string =>
  label
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', ' ')
