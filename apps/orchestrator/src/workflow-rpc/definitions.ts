/** F9, C3: what can be run here. */
import type { engine } from '@pitcrew/contracts'
import { unary } from '@pitcrew/rpc'
import { allNodes, countNodes, criticalPath, type Definition } from '@pitcrew/workflow'
import { measuredDurations } from '../adapters/workflow-statistics.ts'
import type { Measurement } from '../domain/expected-durations.ts'
import { schemaOf } from '../templates/index.ts'
import { drawn } from './drawn.ts'
import type { WorkflowRpcParts } from './parts.ts'

type Implementation = engine.WorkflowServiceServer

export function definitionRpc(
  parts: WorkflowRpcParts,
): Pick<Implementation, 'listDefinitions' | 'getDefinition' | 'listTemplates'> {
  const { catalogue, templates, database } = parts
  return {
    listDefinitions: unary(async () => ({ definitions: catalogue.list().map(summaryOf) })),
    getDefinition: unary(async ({ name, version, drawing, workflowId }: engine.GetDefinitionRequest) => {
      const { definition } = catalogue.get(name, version)
      const measured = await measuredDurations(database, definition.name, definition.version)
      const { nodes } = criticalPath(definition.graph, ({ id }) => measured.get(id)?.medianMs ?? 0)
      return {
        summary: summaryOf(definition),
        definition: JSON.parse(JSON.stringify(definition)) as Record<string, unknown>,
        drawing: await drawn(parts, definition, drawing, workflowId),
        criticalPath: nodes,
        durations: [...measured].flatMap(([node, one]) => (node === '' ? [] : [durationMessage(node, one)])),
      }
    }),
    listTemplates: unary(async () => ({
      templates: templates.map((template) => ({
        name: template.name,
        title: template.title,
        description: template.description,
        inputSchema: schemaOf(template),
        definition: template.definition.name,
        version: template.definition.version,
      })),
    })),
  }
}

function durationMessage(node: string, { count, meanMs, medianMs, p90Ms, failures }: Measurement): engine.NodeDuration {
  return {
    node,
    count,
    meanSeconds: meanMs / 1_000,
    medianSeconds: medianMs / 1_000,
    p90Seconds: p90Ms / 1_000,
    failures,
  }
}

export function summaryOf(definition: Definition): engine.DefinitionSummary {
  const nodes = [...allNodes(definition.graph)]
  const each = (names: (node: (typeof nodes)[number]) => readonly string[]) => [...new Set(nodes.flatMap(names))]
  return {
    name: definition.name,
    version: definition.version,
    nodes: countNodes(definition),
    phases: Object.keys(definition.lifecycle.next),
    capabilities: each((node) => (node.kind === 'task' ? [node.capability] : [])),
    signals: each((node) => (node.kind === 'wait' ? [...node.signals, ...node.interrupts] : [])),
    queries: Object.keys(definition.queries ?? {}),
    updates: Object.keys(definition.updates ?? {}),
    checkpoints: each((node) => (node.kind === 'checkpoint' ? [node.id] : [])),
  }
}
