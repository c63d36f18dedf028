/** For the specs: a goal about a vehicle, and a plan for it as a good model would make it. */
import type { Draft, DraftTask, Goal } from './plan.ts'
import { fromGoal, fromTask } from './rule-planner.ts'

export const diagnosisGoal: Goal = {
  kind: 'diagnosis',
  text: 'Find out why the coolant of this vehicle runs hot.',
  skills: [],
  inputs: { alertId: 'alert-77', vehicleId: 'vehicle-4711', system: 'VEHICLE_SYSTEM_COOLING', caseId: 'case-77' },
}

const about = ['alertId', 'vehicleId', 'system'].map((field) => fromGoal(field))

export const task = (id: string, capability: string, after: string[] = [], inputs = about): DraftTask => ({
  id,
  capability,
  after,
  inputs,
  expertise: ['diagnosis'],
  rationale: 'it tells something',
})

export const goodDraft: Draft = {
  summary: 'Look at the codes and rank what they say.',
  tasks: [
    task('codes', 'diagnosis.fault-codes'),
    task('ranked', 'diagnosis.rank-hypotheses', ['codes'], [...about, fromTask('findings.0', 'codes', '')]),
  ],
}

export const draftWith = (...tasks: DraftTask[]): Draft => ({ summary: 'a plan', tasks })
