import { z } from 'zod'

export const config = z.object({
  MANUFACTURING_INSIGHTS_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('failures recorded at a time'),
  PITCREW_VERSION: z.string().default('0.1.0').describe('version that agents report'),
})
