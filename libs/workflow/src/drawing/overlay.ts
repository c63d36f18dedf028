import { nodeId, type NodeState, type WorkflowState } from '../core/state.ts'

/** How a node of a running workflow stands. One that was not reached yet has no standing. */
export type NodeStanding = 'ended' | 'active' | 'failed' | 'skipped'

/** By node id. */
export type Overlay = ReadonlyMap<string, NodeStanding>

/**
 * Where a workflow is. A node that runs several times at once stands as what asks most for attention: failed, then active.
 * What a scope that has closed held is forgotten, so inside of it nothing stands any more.
 */
export function overlayOf(state: Pick<WorkflowState, 'nodes'>): Overlay {
  const overlay = new Map<string, NodeStanding>()
  for (const [path, held] of Object.entries(state.nodes)) {
    // Paths of what undoes begin with a tilde and name the node that is undone.
    if (path.startsWith('~')) continue
    const standing = standingOf(held)
    const id = nodeId(path)
    const before = overlay.get(id)
    if (standing && (before === undefined || rank[standing] > rank[before])) overlay.set(id, standing)
  }
  return overlay
}

const rank: Readonly<Record<NodeStanding, number>> = { skipped: 0, ended: 1, active: 2, failed: 3 }

function standingOf(held: NodeState): NodeStanding | undefined {
  switch (held.is) {
    case 'ended':
    case 'skipped':
    case 'failed':
      return held.is
    case 'running':
    case 'backoff':
    case 'waiting':
    case 'child':
    case 'open':
      return 'active'
    case 'abandoned':
      return undefined
  }
}
