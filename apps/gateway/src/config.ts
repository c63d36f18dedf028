import { z } from 'zod'

export const config = z.object({
  GATEWAY_API_KEYS_FILE: z
    .string()
    .optional()
    .describe(
      'JSON file of API keys: [{ "subject", "role", "sha256" }]; without it only loopback is served, with every role',
    ),
  GATEWAY_TRUST_NETWORK: z
    .enum(['true', 'false'])
    .default('false')
    .describe('serve without keys on another address than loopback: only where something else guards the port'),
  GATEWAY_MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576).describe('largest request body, bytes'),
  GATEWAY_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(6_000)
    .describe('requests that one client address may make'),
  GATEWAY_MAX_STREAMS: z.coerce.number().int().min(1).default(500).describe('event streams open at once'),
  PITCREW_BIND: z.string().default('127.0.0.1').describe('address to listen on'),
})

export type Config = z.infer<typeof config>
