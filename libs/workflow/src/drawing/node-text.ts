/** What a drawing says of a node. */
import type { Graph, Node } from '../definition/definition.ts'
import { expressionText } from './expression-text.ts'
import { graphOf } from './overlay.ts'

/** Below the id; empty if there is nothing to say. */
export function subtitle(node: Node): string {
  switch (node.kind) {
    case 'task':
      return node.capability
    case 'wait':
      return node.signals.join(', ')
    case 'approval':
      return `by ${node.approvers}`
    case 'child':
      return `${node.definition} version ${node.version}`
    case 'generated':
      return 'graph made at run time'
    case 'checkpoint':
      return node.name
    case 'loop':
      return `at most ${node.max} times`
    case 'map':
      return `for each, ${node.concurrency} at a time`
    case 'parallel':
      return 'side by side'
    case 'branch':
      return 'the first that holds'
    case 'value':
    case 'commit':
    case 'end':
      return ''
  }
}

/** The graphs that a node holds, each with what it says above it. */
export function captionedGraphs(node: Node): { caption: string; graph: Graph }[] {
  switch (node.kind) {
    case 'branch':
      return node.cases.map(({ when, graph }) => ({
        caption: when === true ? 'otherwise' : `if ${expressionText(when)}`,
        graph,
      }))
    case 'parallel':
      return node.branches.map(({ name, graph }) => ({ caption: name, graph }))
    case 'loop':
    case 'map':
      return [{ caption: '', graph: node.graph }]
    case 'generated': {
      const graph = graphOf(node)
      return graph ? [{ caption: '', graph }] : []
    }
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
      return []
  }
}

/** All there is to say, line by line: shown when a pointer rests on the node. */
export function details(node: Node): string[] {
  const lines = [`${node.kind} ${node.id}`, subtitle(node)]
  if (node.phase !== undefined) lines.push(`enters ${node.phase}`)
  if (node.when !== undefined) lines.push(`only if ${expressionText(node.when)}`)
  switch (node.kind) {
    case 'task':
      lines.push(`${node.retry.attempts} attempts of ${node.timeoutMs / 1_000} s`)
      if (node.undo) lines.push(`undone by ${node.undo.capability}`)
      break
    case 'wait':
      lines.push(`waits for ${node.reason}`)
      break
    case 'approval':
      lines.push(`asks ${expressionText(node.reason)}`)
      break
    case 'loop':
      lines.push(`until ${expressionText(node.until)}`)
      break
    case 'end':
      lines.push(`outcome ${expressionText(node.outcome)}${node.undo ? ', undoing what was done' : ''}`)
      break
    case 'commit':
      lines.push('nothing before is undone any more')
      break
    case 'branch':
    case 'parallel':
    case 'map':
    case 'child':
    case 'generated':
    case 'value':
    case 'checkpoint':
      break
  }
  return lines.filter((line) => line !== '')
}
