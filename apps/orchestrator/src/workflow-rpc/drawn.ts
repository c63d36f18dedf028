import { engine } from '@pitcrew/contracts'
import { mermaidGraph, nodeId, overlayOf, svgOf, type Definition, type Overlay } from '@pitcrew/workflow'
import { liveOf, mustFind, type WorkflowRpcParts } from './parts.ts'

/** The definition as a drawing, with how far a workflow is if one is named. */
export async function drawn(
  parts: WorkflowRpcParts,
  definition: Definition,
  drawing: engine.Drawing,
  workflowId: string,
): Promise<string> {
  if (drawing === engine.Drawing.UNSPECIFIED) return ''
  const overlay = workflowId ? await standing(parts, workflowId) : undefined
  return drawing === engine.Drawing.SVG
    ? svgOf(definition, { ...(overlay && { overlay }) })
    : mermaidGraph(definition.graph, overlay)
}

/** Of one that has ended, what gave an output has ended and what failed has failed. */
async function standing(parts: WorkflowRpcParts, workflowId: string): Promise<Overlay> {
  const live = await liveOf(parts.workflows, workflowId)
  if (live) return overlayOf(live.state)
  const { row } = await mustFind(parts, workflowId)
  const overlay = new Map<string, 'ended' | 'failed'>()
  for (const [path, output] of Object.entries(row.outputs ?? {}))
    if (output !== null && !path.startsWith('$')) overlay.set(nodeId(path), 'ended')
  if (row.failure) overlay.set(nodeId(row.failure.node), 'failed')
  return overlay
}
