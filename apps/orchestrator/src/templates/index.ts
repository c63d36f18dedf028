/** The templates of this orchestrator. */
import { templates as sharedTemplates } from '@pitcrew/templates'
import type { Config } from '../config.ts'
import { plannedGoalTemplate } from '../planning/index.ts'
import type { Template } from './template.ts'
import { vehicleCaseTemplate } from './vehicle-case.ts'

export { checkedInput, schemaOf, type Template } from './template.ts'
export { caseAttributes } from './vehicle-case.ts'

export const templates = (config: Config): readonly Template[] => [
  vehicleCaseTemplate(config.CASE_TIME_SCALE),
  plannedGoalTemplate,
  ...sharedTemplates({
    ...(config.MANUSCRIPTS_FOLDER !== undefined && { manuscripts: config.MANUSCRIPTS_FOLDER }),
    ...(config.WORKSHOPS_FOLDER !== undefined && { workshops: config.WORKSHOPS_FOLDER }),
  }),
]
