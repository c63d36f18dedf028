import { innerGraphs, type Graph, type Node } from '../definition/definition.ts'
import type { Durations, Measured } from './measured.ts'

/** A time and its 90 % quantile, milliseconds. */
export interface Span {
  p50Ms: number
  p90Ms: number
}

/**
 * How long nodes take. One that was never measured counts as what it holds, or else like the mean of those that were; if none
 * was, every node that does something counts the same.
 */
export class Weights {
  readonly #durations: Durations
  readonly #unknown: Measured
  /** True if any duration is known, so that weights are milliseconds. */
  readonly known: boolean

  constructor(durations: Durations) {
    this.#durations = durations
    const all = Object.values(durations)
    this.known = all.length > 0
    const mean = (of: (measured: Measured) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length
    this.#unknown = this.known
      ? {
          count: 0,
          meanMs: mean((one) => one.meanMs),
          p50Ms: mean((one) => one.p50Ms),
          p90Ms: mean((one) => one.p90Ms),
        }
      : { count: 0, meanMs: 1, p50Ms: 1, p90Ms: 1 }
  }

  measured(node: Node): Measured | undefined {
    return Object.hasOwn(this.#durations, node.id) ? this.#durations[node.id] : undefined
  }

  /** Of a node that holds no others. */
  leaf(node: Node): Measured {
    return this.measured(node) ?? (instant(node) ? nothing : this.#unknown)
  }

  /** The node's share of the work of its graph. */
  work(node: Node): number {
    const own = this.measured(node)
    if (own) return own.meanMs
    const inner = innerGraphs(node)
    if (inner.length === 0) return this.leaf(node).meanMs
    const works = inner.map((graph) => this.workOf(graph))
    return node.kind === 'branch' ? Math.max(...works) : works.reduce((sum, one) => sum + one, 0)
  }

  workOf(graph: Graph): number {
    return graph.nodes.reduce((sum, node) => sum + this.work(node), 0)
  }
}

const nothing: Measured = { count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0 }

/** Over in the transition that begins it. */
function instant(node: Node): boolean {
  switch (node.kind) {
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
      return true
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'generated':
    case 'branch':
    case 'loop':
    case 'parallel':
    case 'map':
      return false
  }
}
