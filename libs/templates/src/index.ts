export { agentsOf, type AgentTemplate, type TemplateAgent, type TemplateTask } from './template.ts'
export { manuscriptReview, type ManuscriptInput, type ManuscriptReview } from './manuscript/definition.ts'
export { manuscriptTemplate, type ManuscriptOptions } from './manuscript/template.ts'
