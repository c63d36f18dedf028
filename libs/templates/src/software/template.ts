/** F9: the software task as a template, with its specialists. */
import { z } from 'zod'
import type { AgentTemplate } from '../template.ts'
import { softwareAgents } from './agents.ts'
import { mostTestMs, softwareTask } from './definition.ts'
import { moduleSpec, specialist } from './spec.ts'
import { usualTeam } from './team.ts'

const dayMs = 86_400_000

export const softwareInput = z.strictObject({
  directory: z.string().min(1).max(500).describe('to work in, below the folder that the host names'),
  module: moduleSpec,
  team: z
    .array(specialist)
    .min(1)
    .max(50)
    .default([...usualTeam]),
  maxComplexity: z.number().int().min(1).max(100).default(10).describe('of one function; beyond it a person is asked'),
  testMs: z.number().int().min(100).max(mostTestMs).default(20_000).describe('for the tests to run, milliseconds'),
  reviewMs: z.number().int().positive().default(dayMs).describe('for a person to sign off, milliseconds'),
  dryRun: z.boolean().default(false).describe('all but the release, and then everything undone'),
})

export interface SoftwareOptions {
  /** Folder below which directories may be named; each has to be there. */
  workshops: string
}

export const softwareTemplate = ({ workshops }: SoftwareOptions): AgentTemplate => ({
  name: softwareTask.name,
  title: 'Software task',
  description:
    'A small TypeScript module from a declaration of its types and functions: written, stripped, tested, measured, documented, reviewed, packed and published by a team of specialists, and undone to the last file where that fails.',
  inputSchema: softwareInput,
  definition: softwareTask,
  agents: softwareAgents(workshops),
})
