/** F1, F9: a planned goal as a template that people start by name. */
import { z } from 'zod'
import type { Template } from '../templates/template.ts'
import { goalSchema } from './goal.ts'
import { plannedGoal } from './planned-goal.ts'

const day = 86_400_000

export const plannedGoalTemplate: Template = {
  name: 'planned-goal',
  title: 'Planned goal',
  description: 'A goal in words: a plan is made of it, shown for approval, and carried out.',
  inputSchema: z.object({
    goal: goalSchema.describe('kind, text, skills and what is known'),
    approvalMs: z
      .number()
      .int()
      .positive()
      .max(30 * day)
      .default(day)
      .describe('time to approve the plan, milliseconds'),
  }),
  definition: plannedGoal,
}
