/** F9: the manuscript review as a template, with the agents that read. */
import { z } from 'zod'
import { agent, type AgentTemplate } from '../template.ts'
import { analyse } from './analyse.ts'
import { nodeNames } from './analysis.ts'
import { capabilities, manuscriptReview, mostIterations } from './definition.ts'
import { judge } from './judge.ts'
import { recommend } from './recommend.ts'
import { readerIn, type LookAt, type Reader } from './source.ts'

const dayMs = 86_400_000

/** With its quotes and line ends escaped it has to fit into one event of the log. */
const longestText = 150_000

const fields = z.object({
  title: z.string().min(1).max(300),
  text: z
    .string()
    .min(1)
    .max(longestText)
    .nullable()
    .default(null)
    .describe('English prose, UTF-8; Markdown headings are understood'),
  file: z.string().min(1).max(500).nullable().default(null).describe('instead of a text, where a longer one is'),
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

export const manuscriptInput = fields.refine(({ text, file }) => (text === null) !== (file === null), {
  error: 'give either a text or a file',
})

export interface ManuscriptOptions {
  /** Folder that input may name files in; without it only texts are taken. */
  manuscripts?: string
}

export const manuscriptTemplate = ({ manuscripts }: ManuscriptOptions = {}): AgentTemplate => ({
  name: manuscriptReview.name,
  title: 'Manuscript review',
  description:
    'Six analyses of an English text, made more deeply for as long as that makes the review surer; ranked recommendations, and an editor where the numbers do not do.',
  inputSchema: manuscriptInput,
  definition: manuscriptReview,
  agents: agentsReading(readerIn(manuscripts)),
})

function agentsReading({ segment, look }: Reader): AgentTemplate['agents'] {
  const reading = nodeNames.map((node) => [
    capabilities[node].name,
    agent((at: LookAt, { signal }) => analyse(node, look(at), signal)),
  ])
  return {
    [capabilities.segment.name]: agent(segment),
    ...(Object.fromEntries(reading) as AgentTemplate['agents']),
    [capabilities.judge.name]: agent(judge),
    [capabilities.recommend.name]: agent(recommend),
  }
}
