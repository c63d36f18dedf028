import { Terminal } from '@pitcrew/errors'
import { allNodes, innerGraphs, type Definition, type Graph, type Node } from '../definition/definition.ts'

/** A node and where it stands. */
export interface Place {
  node: Node
  graph: Graph
  successors: Node[]
}

/** A definition with what running it needs to find quickly. */
export interface Program {
  definition: Definition
  nodes: Map<string, Place>
  /** Ids of the waits that take a signal; undefined when a wait may lie inside of another node. */
  waits: Map<string, string[]> | undefined
  /** Every version of the same definition that is known, this one among them. */
  versions: Map<number, Program>
}

export function compile(definition: Definition): Program {
  const program: Program = {
    definition,
    nodes: placesOf(definition.graph),
    waits: waitsOf(definition.graph),
    versions: new Map(),
  }
  program.versions.set(definition.version, program)
  return program
}

export function placesOf(graph: Graph): Map<string, Place> {
  const places = new Map<string, Place>()
  const visit = (inner: Graph): void => {
    const successors = new Map<string, Node[]>(inner.nodes.map(({ id }) => [id, []]))
    for (const node of inner.nodes) for (const before of node.after) successors.get(before)?.push(node)
    for (const node of inner.nodes) {
      places.set(node.id, { node, graph: inner, successors: successors.get(node.id) ?? [] })
      innerGraphs(node).forEach(visit)
    }
  }
  visit(graph)
  return places
}

function waitsOf(graph: Graph): Map<string, string[]> | undefined {
  const inner = graph.nodes.flatMap(innerGraphs).flatMap((one) => [...allNodes(one)])
  if (inner.some(({ kind }) => kind === 'wait')) return undefined
  if ([...graph.nodes, ...inner].some(({ kind }) => kind === 'generated')) return undefined
  const waits = new Map<string, string[]>()
  for (const node of graph.nodes) {
    if (node.kind !== 'wait') continue
    for (const signal of new Set([...node.signals, ...node.interrupts]))
      waits.set(signal, [...(waits.get(signal) ?? []), node.id])
  }
  return waits
}

/** The definitions that a process can run, by name and version. */
export class Definitions {
  readonly #versions = new Map<string, Map<number, Program>>()

  constructor(definitions: Iterable<Definition>) {
    for (const definition of definitions) this.add(definition)
  }

  add(definition: Definition): void {
    const { name, version } = definition
    const versions = this.#versions.get(name) ?? new Map<number, Program>()
    this.#versions.set(name, versions)
    versions.set(version, { ...compile(definition), versions })
  }

  /** @throws Terminal UNKNOWN_DEFINITION */
  get(name: string, version: number): Program {
    const program = this.#versions.get(name)?.get(version)
    if (program) return program
    const known = [...this.#versions].flatMap(([one, versions]) => [...versions.keys()].map((v) => `${one}@${v}`))
    throw new Terminal('UNKNOWN_DEFINITION', `there is no definition ${name} version ${version}`, {
      hint: `known are: ${known.join(', ')}`,
    })
  }
}

export const countNodes = (definition: Definition): number => [...allNodes(definition.graph)].length
