/** The templates of this orchestrator. */
import { plannedGoalTemplate } from '../planning/index.ts'
import type { Template } from './template.ts'
import { vehicleCaseTemplate } from './vehicle-case.ts'

export { checkedInput, schemaOf, type Template } from './template.ts'
export { caseAttributes } from './vehicle-case.ts'

/** @param scale how much faster than real time cases wait */
export const templates = (scale: number): readonly Template[] => [vehicleCaseTemplate(scale), plannedGoalTemplate]
