/** F9: the manuscript review as a template, with the agents that read. */
import { z } from 'zod'
import { agent, type AgentTemplate } from '../template.ts'
import { mostCharacters, segment } from '../text/segment.ts'
import { analyseConsistency } from './consistency.ts'
import { capabilities, manuscriptReview, mostIterations } from './definition.ts'
import { judge } from './judge.ts'
import { analyseReadability } from './readability.ts'
import { recommend } from './recommend.ts'
import { analyseRepetition } from './repetition.ts'
import { analyseStructure } from './structure.ts'
import { analyseStyle } from './style.ts'
import { analyseVocabulary } from './vocabulary.ts'

const dayMs = 86_400_000

export const manuscriptInput = z.object({
  title: z.string().min(1).max(300),
  text: z.string().min(1).max(mostCharacters).describe('English prose; Markdown headings are understood'),
  qualityThreshold: z.number().min(0).max(1).default(0.8).describe('how sure the review has to be, 0 to 1'),
  maxIterations: z.number().int().min(1).max(mostIterations).default(4),
  acceptScore: z.number().min(0).max(100).default(60).describe('the score from which no editor is asked'),
  budgetMs: z.number().int().positive().default(60_000).describe('for all looks together, milliseconds'),
  editorMs: z
    .number()
    .int()
    .positive()
    .default(3 * dayMs)
    .describe('for the editor to decide, milliseconds'),
})

export const manuscriptTemplate: AgentTemplate = {
  name: manuscriptReview.name,
  title: 'Manuscript review',
  description:
    'Six analyses of an English text, made more deeply for as long as that makes the review surer; ranked recommendations, and an editor where the numbers do not do.',
  inputSchema: manuscriptInput,
  definition: manuscriptReview,
  agents: {
    [capabilities.segment.name]: agent(({ text }: { text: string }) => segment(text)),
    [capabilities.structure.name]: agent(analyseStructure),
    [capabilities.readability.name]: agent(analyseReadability),
    [capabilities.vocabulary.name]: agent(analyseVocabulary),
    [capabilities.repetition.name]: agent(analyseRepetition),
    [capabilities.style.name]: agent(analyseStyle),
    [capabilities.consistency.name]: agent(analyseConsistency),
    [capabilities.judge.name]: agent(judge),
    [capabilities.recommend.name]: agent(recommend),
  },
}
