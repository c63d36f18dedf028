import { Terminal } from '@pitcrew/errors'
import { allNodes, innerGraphs, type Definition, type Graph, type Node } from '../definition/definition.ts'

/** A definition with what running it needs to find quickly. */
export interface Program {
  definition: Definition
  nodes: Map<string, { node: Node; graph: Graph; successors: Node[] }>
}

export function compile(definition: Definition): Program {
  const nodes: Program['nodes'] = new Map()
  const visit = (graph: Graph): void => {
    for (const node of graph.nodes) {
      nodes.set(node.id, { node, graph, successors: graph.nodes.filter((other) => other.after.includes(node.id)) })
      innerGraphs(node).forEach(visit)
    }
  }
  visit(definition.graph)
  return { definition, nodes }
}

/** The definitions that a process can run, by name and version. */
export class Definitions {
  readonly #programs = new Map<string, Program>()

  constructor(definitions: Iterable<Definition>) {
    for (const definition of definitions) this.add(definition)
  }

  add(definition: Definition): void {
    this.#programs.set(`${definition.name}@${definition.version}`, compile(definition))
  }

  /** @throws Terminal UNKNOWN_DEFINITION */
  get(name: string, version: number): Program {
    const program = this.#programs.get(`${name}@${version}`)
    if (program) return program
    throw new Terminal('UNKNOWN_DEFINITION', `there is no definition ${name} version ${version}`, {
      hint: `known are: ${[...this.#programs.keys()].join(', ')}`,
    })
  }
}

export const countNodes = (definition: Definition): number => [...allNodes(definition.graph)].length
