/**
 * A path names one run of one node: `engage[2]/notify` is node `notify` in the second iteration of loop `engage`,
 * `both[1].left/look` node `look` in branch `left`, `visit[1].7/look` in the run for element 7 of a map. A scope is '' or a
 * prefix of paths that ends in '/'. Paths of undo tasks begin with `~`, which no node id can.
 */

/** Of the node that the path names. */
export function nodeId(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? path : path.slice(slash + 1)
}

/** The scope that the path lies in. */
export function scopeOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash + 1)
}

/** The path of the node that holds the scope: `a[1]/b[2]/` and `a[1]/b[2].left/` are held by `a[1]/b`. */
export function holderOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf('['))
}

/** The element of a map that the scope is for. */
export function positionOf(scope: string): number {
  return Number(scope.slice(scope.lastIndexOf('.') + 1, -1))
}

/** The scopes from this one outwards, without the outermost. */
export function* scopesFrom(scope: string): Generator<string> {
  for (let at = scope; at !== ''; at = scopeOf(holderOf(at))) yield at
}

const mark = '~'
export const undoOf = (path: string): string => mark + path
export const isUndo = (path: string): boolean => path.charCodeAt(0) === 126
