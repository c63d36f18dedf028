import { z } from 'zod'

const milliseconds = (fallback: number, least = 1) => z.coerce.number().int().min(least).default(fallback)

const baseUrls = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
  )
  .pipe(z.array(z.url({ protocol: /^https?$/ })))
  .describe('base URLs of telematics APIs to poll, separated by commas')

export const configSchema = z.object({
  TELEMATICS_APIS: baseUrls,
  POLL_INTERVAL_MS: milliseconds(5_000, 10).describe('from one poll that found nothing more to the next'),
  POLL_TIMEOUT_MS: milliseconds(10_000).describe('how long a telematics API may take to answer'),
  POLL_PAGE_FRAMES: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('frames asked for in one poll'),
  MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(8 * 1024 * 1024)
    .describe('largest request, before and after decompression'),
  MAX_FRAMES_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(1)
    .default(50_000)
    .describe('frames that may wait for the broker at one time'),
  DURABLE_WITHIN_MS: milliseconds(4_000).describe('how long the broker may take before a sender is told to come again'),
  MAX_FRAME_AHEAD_MS: milliseconds(5 * 60_000, 0).describe('how far ahead of us a device clock may run'),
  MAX_FRAME_AGE_MS: milliseconds(48 * 3_600_000).describe('age beyond which a frame is refused'),
  QUARANTINE_RETENTION_MS: milliseconds(48 * 3_600_000).describe('how long a refused reading can be listed'),
})

export type Config = z.infer<typeof configSchema>
