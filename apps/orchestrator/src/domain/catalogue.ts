/** F9, C1: the definitions that can be run here, versions side by side. */
import { Terminal } from '@pitcrew/errors'
import { compile, nodeId, type Definition, type Node, type Program } from '@pitcrew/workflow'

export class Catalogue {
  readonly #programs = new Map<string, Program[]>()

  constructor(definitions: Iterable<Definition>) {
    for (const definition of definitions) {
      const versions = this.#programs.get(definition.name) ?? []
      if (versions.some((other) => other.definition.version === definition.version)) continue
      const all = [...versions, compile(definition)]
      this.#programs.set(
        definition.name,
        all.sort((a, b) => b.definition.version - a.definition.version),
      )
    }
  }

  /** By name, the newest version of each first. */
  list(): Definition[] {
    return [...this.#programs.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, versions]) => versions.map(({ definition }) => definition))
  }

  /** @param version 0 is the newest. @throws Terminal UNKNOWN_DEFINITION */
  get(name: string, version = 0): Program {
    const found = this.#find(name, version)
    if (found) return found
    const versions = this.#programs.get(name)?.map(({ definition }) => definition.version)
    throw new Terminal(
      'UNKNOWN_DEFINITION',
      versions ? `there is no version ${version} of ${name}` : `there is no definition "${name}"`,
      { hint: versions ? `there are: ${versions.join(', ')}` : `there are: ${[...this.#programs.keys()].join(', ')}` },
    )
  }

  /** Of a path in a workflow of this definition; undefined for what is not in it, such as a node made at run time. */
  readonly nodeOf = (name: string, version: number, path: string): Node | undefined =>
    this.#find(name, version)?.nodes.get(nodeId(path))?.node

  #find(name: string, version: number): Program | undefined {
    const versions = this.#programs.get(name)
    return version === 0 ? versions?.[0] : versions?.find(({ definition }) => definition.version === version)
  }
}
