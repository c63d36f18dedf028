/** A case is the workflow of a vehicle's problem; this is how the product's API tells it. */
import { vehicle, workflow } from '@pitcrew/contracts'
import { priorityMessage } from './priority.ts'
import type { TransitionRow } from './transition-row.ts'
import { vehicleCase } from './vehicle-case.ts'
import { traceIdOf } from './workflow-message.ts'
import type { WorkflowRow } from './workflow-row.ts'

export const isCase = ({ definition }: Pick<WorkflowRow, 'definition'>): boolean => definition === vehicleCase.name

export const phaseOf = (name: string): workflow.Phase =>
  workflow.Phase[name as keyof typeof workflow.Phase] ?? workflow.Phase.UNSPECIFIED

export const phaseName = (phase: workflow.Phase): string => phase.replace(/^PHASE_/, '')

const systems: ReadonlySet<unknown> = new Set(Object.values(vehicle.VehicleSystem))

export function caseMessage(row: WorkflowRow): workflow.Case {
  const { system } = row.attributes
  return {
    caseId: row.workflowId,
    vehicleId: row.vehicleId,
    system: (systems.has(system) ? system : vehicle.VehicleSystem.UNSPECIFIED) as vehicle.VehicleSystem,
    urgency: row.urgency,
    phase: phaseOf(row.phase),
    status: row.status,
    priority: priorityMessage(row.priority),
    outcome: row.outcome,
    openedAt: row.startedAt,
    updatedAt: row.updatedAt,
    endedAt: row.endedAt ?? undefined,
    progress: row.progress,
    detail: row.detail,
    revision: row.revision,
    traceId: traceIdOf(row.trace),
  }
}

export function caseTransition(step: TransitionRow): workflow.Transition {
  const { number, at, event, node, phase, status, agent: by, detail } = step
  return { number, at, event, node, phase: phaseOf(phase), status, agent: by, detail }
}
