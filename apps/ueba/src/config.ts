import { z } from 'zod'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

export const config = z.object({
  UEBA_BLOCK_AT: z.coerce
    .number()
    .min(1)
    .max(100)
    .default(45)
    .describe('risk, 0 to 100, from which an agent is blocked'),
  UEBA_GREATEST_BLOCKED_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("share of a service's live agents that may be blocked automatically at once"),
  UEBA_HALF_LIFE_HOURS: z.coerce.number().min(0.01).default(6).describe('time after which a finding counts half'),
  UEBA_LIVE_MINUTES: whole(1, 1440).default(15).describe('an agent that did something within this time counts as live'),
  UEBA_BATCH: whole(1, 5000).default(500).describe('activities entered in one transaction'),
  UEBA_BATCH_WAIT_MS: whole(1, 10_000).default(100).describe('how long a batch gathers, ms'),
})
