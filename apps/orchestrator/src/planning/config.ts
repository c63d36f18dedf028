/** The planner's settings, to be spread into the service's. */
import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import { openAiPlanner } from './openai-planner.ts'
import type { Planner } from './plan.ts'

export const plannerSettings = {
  PLANNER_BASE_URL: z
    .string()
    .default('')
    .describe(
      'an OpenAI-compatible endpoint that plans goals, such as http://127.0.0.1:11434/v1; none: rules alone do',
    ),
  PLANNER_MODEL: z.string().default('').describe('name of the model at that endpoint'),
  PLANNER_API_KEY: z.string().default('').describe('key for that endpoint, if it wants one'),
  PLANNER_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(60_000).describe('for one answer, ms'),
}

type Settings = z.infer<z.ZodObject<typeof plannerSettings>>

/** Undefined if no endpoint is configured. @throws Terminal BAD_CONFIG */
export function modelPlanner(settings: Settings): Planner | undefined {
  const { PLANNER_BASE_URL: baseUrl, PLANNER_MODEL: model } = settings
  if (baseUrl === '') return undefined
  if (model === '') {
    throw new Terminal('BAD_CONFIG', 'PLANNER_MODEL: found nothing, expected the name of a model at PLANNER_BASE_URL')
  }
  return openAiPlanner({ baseUrl, model, key: settings.PLANNER_API_KEY, timeoutMs: settings.PLANNER_TIMEOUT_MS })
}
