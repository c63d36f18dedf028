import { nodeId } from '../core/path.ts'
import type { Json } from '../definition/json.ts'

export interface Recommendation {
  what: Json
  /** Nodes that gave it, each once. */
  from: string[]
}

/** Gathers what nodes recommend, the same thing once: what a node named `recommendations` gives, and lists of that name in outputs. */
export class Recommendations {
  readonly #known = new Map<string, Recommendation>()

  take(path: string, output: Json): void {
    const node = nodeId(path)
    if (node === 'recommendations') this.#addAll(node, output)
    else if (isObject(output) && output.recommendations !== undefined) this.#addAll(node, output.recommendations)
  }

  get all(): Recommendation[] {
    return [...this.#known.values()]
  }

  #addAll(node: string, given: Json): void {
    for (const what of Array.isArray(given) ? given : [given]) this.#add(node, what)
  }

  #add(node: string, what: Json): void {
    if (what === null || what === '') return
    const key = canonical(what)
    const known = this.#known.get(key) ?? { what, from: [] }
    this.#known.set(key, known)
    if (!known.from.includes(node)) known.from.push(node)
  }
}

/** Words that differ in case or spaces only, and objects whose fields come in another order, are the same. */
function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.trim().replaceAll(/\s+/g, ' ').toLowerCase())
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field] ?? null)}`).join(',')}}`
}

const isObject = (value: Json): value is { [field: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
