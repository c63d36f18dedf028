import { z } from 'zod'
import { historySettings } from './history.ts'
import { feedAddress, feedKinds } from './adapters/feeds/feed-address.ts'

const milliseconds = (fallback: number, least = 1) => z.coerce.number().int().min(least).default(fallback)

const feedEntries = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )
  .pipe(
    z.array(
      z.string().refine((entry) => feedAddress(entry) !== undefined, `${feedKinds.join('+, ')}+ or no kind, and a URL`),
    ),
  )
  .describe('telematics APIs to poll, separated by commas: [pitcrew+|iso15143+|samsara+]http[s]://host[/path]')

export const configSchema = z.object({
  PITCREW_BIND: z.string().default('127.0.0.1').describe('address to listen on'),
  TELEMATICS_APIS: feedEntries,
  TELEMATICS_API_SECRETS: z
    .string()
    .optional()
    .describe(
      'their credentials as JSON, by host or URL: {"api.example": {"bearer": "..."}} or {"basic": "user:password"}',
    ),
  TELEMATICS_API_SECRETS_FILE: z.string().optional().describe('A file that holds them'),
  POLL_INTERVAL_MS: milliseconds(5_000, 10).describe('from one poll that found nothing more to the next'),
  POLL_TIMEOUT_MS: milliseconds(10_000).describe('how long a telematics API may take to answer'),
  POLL_REQUESTS_PER_SECOND: z.coerce
    .number()
    .min(0.001)
    .max(1_000)
    .default(10)
    .describe('the most that one telematics API is asked'),
  ISO15143_INTERVAL_MS: milliseconds(15 * 60_000, 10).describe(
    'from one round through an ISO 15143-3 fleet to the next: providers allow each page once in 15 minutes',
  ),
  ISO15143_FAULT_CODES_PATH: z
    .string()
    .startsWith('/')
    .default('/Fleet/Equipment/MakeModelSerial/{make}/{model}/{serial}/FaultCodes/{start}/{end}/{page}')
    .describe('where such an API has the fault codes of a machine; also {pin} and {id}'),
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
  DEVICE_AUTH: z
    .enum(['off', 'optional', 'required'])
    .optional()
    .describe(
      'whether a sender must show the key of a registered device; optional: who shows one is held to it. ' +
        'Default: optional on a loopback address, required on any other',
    ),
  DEVICE_GRPC_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('a gRPC port for devices alone, with Publish and Stream and nothing else; none: no such port'),
  DEVICE_ISSUER_SEED: z
    .string()
    .optional()
    .describe(
      'seed of the account key ("SA...") by which the broker knows whom we let in over MQTT; none: it asks nobody',
    ),
  DEVICE_FRAMES_PER_SECOND: z.coerce
    .number()
    .positive()
    .default(2_000)
    .describe('frames of one vehicle that one sender may bring, on average'),
  DEVICE_BURST_FRAMES: z.coerce.number().int().min(1).default(100_000).describe('and at once'),
  LATE_AFTER_MS: milliseconds(60_000).describe('age from which an accepted frame counts as late'),
  MAX_FRAME_AHEAD_MS: milliseconds(5 * 60_000, 0).describe('how far ahead of us a device clock may run'),
  MAX_FRAME_AGE_MS: milliseconds(48 * 3_600_000).describe('age beyond which a frame is refused'),
  QUARANTINE_RETENTION_MS: milliseconds(48 * 3_600_000).describe('how long a refused reading is kept'),
  QUARANTINE_ENTRIES: z.coerce.number().int().min(1).default(200_000).describe('how many of them are kept at most'),
  ...historySettings,
})

export type Config = z.infer<typeof configSchema>
