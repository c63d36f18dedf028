import { z } from 'zod'

const whole = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)

export const configSchema = z.object({
  DATA_ANALYSIS_BATCH_FRAMES: whole(2_000, 1, 4_000).describe(
    'frames of one partition analysed before their states are stored',
  ),
  DATA_ANALYSIS_BATCH_WAIT_MS: whole(100, 1, 5_000).describe('how long such a batch may gather, ms'),
  DATA_ANALYSIS_VEHICLES_IN_MEMORY: whole(20_000, 16, 10_000_000).describe(
    'vehicles whose state this instance keeps at hand (about 40 KB each); the others are read when they send',
  ),
  DATA_ANALYSIS_CONCURRENCY: whole(16, 1, 256).describe('diagnosis tasks at a time'),
  DATA_ANALYSIS_OUTBOX_MS: whole(1_000, 50, 60_000).describe(
    'how often alerts that could not leave are tried again, ms',
  ),
  DATA_ANALYSIS_SURROUNDINGS_MS: whole(2_000, 10, 60_000).describe(
    'how often changes of models and rules are looked for, ms',
  ),
  DATA_ANALYSIS_USAGE_MS: whole(60_000, 50, 3_600_000).describe(
    'how often vehicles are looked for whose use is to be read, ms; each is read at most once an hour',
  ),
  DATA_ANALYSIS_PEERS_MS: whole(300_000, 50, 86_400_000).describe('how often peers of a model are compared anew, ms'),
  PITCREW_VERSION: z.string().default('0.1.0').describe('version that agents report'),
})

export type Config = z.infer<typeof configSchema>
