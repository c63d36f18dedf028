import { manuscriptTemplate, type ManuscriptOptions } from './manuscript/template.ts'
import { softwareTemplate, type SoftwareOptions } from './software/template.ts'
import type { AgentTemplate } from './template.ts'

export { agentsOf, type AgentTemplate, type TemplateAgent, type TemplateTask } from './template.ts'
export { manuscriptReview, type ManuscriptInput, type ManuscriptReview } from './manuscript/definition.ts'
export { manuscriptTemplate, type ManuscriptOptions } from './manuscript/template.ts'
export { softwareTask, type SoftwareInput, type SoftwareResult } from './software/definition.ts'
export { softwareTemplate, type SoftwareOptions } from './software/template.ts'

/**
 * F9: all of them, for a host that has the folders that they work in: the software task is there only with `workshops`, and
 * manuscripts come as text only without `manuscripts`.
 */
export const templates = ({
  manuscripts,
  workshops,
}: ManuscriptOptions & Partial<SoftwareOptions> = {}): readonly AgentTemplate[] => [
  manuscriptTemplate({ ...(manuscripts !== undefined && { manuscripts }) }),
  ...(workshops === undefined ? [] : [softwareTemplate({ workshops })]),
]
