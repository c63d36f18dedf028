import { Terminal } from '@pitcrew/errors'
import { z } from 'zod'

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')

/** What the simulator takes from the environment. Port 0 is any free one. */
const schema = z.object({
  PITCREW_BIND: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_TELEMATICS_PORT: port(8000),
  SIMULATOR_DEALER_PORT: port(8001),
  SIMULATOR_CONTROL_PORT: port(8002),
  SIMULATOR_SMTP_PORT: port(2525),
  SIMULATOR_MAIL_PORT: port(8025),
  SIMULATOR_VEHICLES: z.coerce.number().int().min(0).max(10_000).default(12),
  SIMULATOR_SEED: flag
    .optional()
    .describe('whether to register the fleet with the platform; default: when GATEWAY_URL is set'),
  SIMULATOR_REACTION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(1500)
    .describe('how long a customer usually takes to answer'),
  SIMULATOR_SERVICE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(3000)
    .describe('from booking to arrival and from arrival to departure'),
  GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  GATEWAY_TOKEN: z.string().min(1).optional(),
})

export type Settings = z.infer<typeof schema>

/** Throws Terminal BAD_CONFIG that names the key. Empty values count as absent. */
export function settingsOf(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  const key = String(path[0])
  throw new Terminal('BAD_CONFIG', `${key} is ${JSON.stringify(env[key])}: ${message}`, {
    hint: `correct ${key} or leave it out`,
  })
}
