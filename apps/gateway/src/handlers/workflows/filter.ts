/** Which workflows, as a body or as query parameters: pitcrew.workflow.v1.WorkflowFilter. */
import { agent, engine, vehicle, workflow } from '@pitcrew/contracts'
import { z } from 'zod'
import { choices, instant, jsonObject, names, oneOf } from '../query.ts'
import type { Asked, Route } from '../route.ts'

/** By its name with or without prefix, `FAILED` or, as answers have it, `WORKFLOW_STATUS_FAILED`. */
const choice = <T extends string>(of: Record<string, T>) => {
  const [, ...short] = Object.keys(of)
  const [, ...long] = Object.values(of)
  return z.enum([...short, ...long] as [string, ...string[]]).transform((name) => of[name] ?? (name as T))
}
const ids = z.array(z.string().min(1)).max(1_000)
const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { message: 'expected a time in ISO 8601' })
  .describe('ISO 8601')
  .transform((text) => new Date(text).toISOString())

/** Strict: a condition that is misspelt must not make the filter find more. */
export const filterSchema = z
  .strictObject({
    workflowIds: ids,
    definitions: ids,
    statuses: z.array(choice(workflow.WorkflowStatus)),
    phases: ids,
    priorities: z.array(choice(agent.Priority)),
    urgencies: z.array(choice(vehicle.Urgency)),
    vehicleId: z.string(),
    parentId: z.string(),
    outcomes: ids,
    attributes: z.record(z.string(), z.unknown()).describe('each has to be equal'),
    text: z.string().describe('words, or their beginnings, all of which occur'),
    startedFrom: time,
    startedBefore: time,
    endedFrom: time,
    endedBefore: time,
    archived: z.boolean().describe('the archive too'),
  })
  .partial()

export const filterQuery: Route['query'] = {
  workflow: 'ids, comma-separated',
  definition: 'names of definitions, comma-separated',
  status: 'PENDING, RUNNING, PAUSED, COMPLETED, FAILED, CANCELLED, comma-separated',
  phase: 'phases of the lifecycle, comma-separated',
  priority: 'URGENT, HIGH, SCHEDULED, ROUTINE, comma-separated',
  urgency: 'CRITICAL, HIGH, MEDIUM, LOW, comma-separated',
  vehicle: 'vehicle id',
  parent: 'id of the workflow that started it',
  outcome: 'outcomes, comma-separated',
  attributes: 'a JSON object, each member of which has to be equal: {"system":"COOLING"}',
  text: 'words, or their beginnings, all of which occur in id, definition, outcome, failure or attributes',
  startedFrom: 'started at this time or later, ISO 8601',
  startedBefore: 'started before this time',
  endedFrom: 'ended at this time or later',
  endedBefore: 'ended before this time',
  archived: '"true": the archive too',
}

export function filterOf(query: Asked['query']): engine.WorkflowFilter {
  return engine.WorkflowFilter.fromPartial({
    workflowIds: names(query.workflow),
    definitions: names(query.definition),
    statuses: choices(query.status, workflow.WorkflowStatus, 'status'),
    phases: names(query.phase),
    priorities: choices(query.priority, agent.Priority, 'priority'),
    urgencies: choices(query.urgency, vehicle.Urgency, 'urgency'),
    vehicleId: query.vehicle ?? '',
    parentId: query.parent ?? '',
    outcomes: names(query.outcome),
    attributes: jsonObject(query.attributes, 'attributes'),
    text: query.text ?? '',
    startedFrom: instant(query.startedFrom, 'startedFrom'),
    startedBefore: instant(query.startedBefore, 'startedBefore'),
    endedFrom: instant(query.endedFrom, 'endedFrom'),
    endedBefore: instant(query.endedBefore, 'endedBefore'),
    archived: oneOf(query.archived, ['false', 'true'], 'archived') === 'true',
  })
}
