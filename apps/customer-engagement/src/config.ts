import { z } from 'zod'

const webhook = z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default('')

/** Settings of this service, by the environment variables that hold them. */
export const config = z
  .object({
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).default('smtp://127.0.0.1:2525'),
    MAIL_FROM: z
      .string()
      .regex(/^[^<>\r\n]*<[^\s@<>]+@[^\s@<>]+>$/, 'expected: Name <address>')
      .default('Pitcrew <care@pitcrew.example>'),
    /** Where customers reach the gateway: links in messages begin with it. */
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
    /** 32 bytes in base64; made on first use. Losing it is losing the customers. */
    ENGAGEMENT_MASTER_KEY_FILE: z.string().min(1).default('.pitcrew/secrets/engagement-master.key'),
    /** How often deferred messages and waiting events are looked for, milliseconds. */
    ENGAGEMENT_POLL_MS: z.coerce.number().int().min(10).max(60_000).default(1000),
    ENGAGEMENT_SMS_WEBHOOK: webhook,
    ENGAGEMENT_PUSH_WEBHOOK: webhook,
    ENGAGEMENT_VOICE_WEBHOOK: webhook,
    /** Signs our webhooks and those that bring replies. */
    ENGAGEMENT_WEBHOOK_SECRET: z.string().default(''),
  })
  .refine((c) => webhooksOf(c).length === 0 || c.ENGAGEMENT_WEBHOOK_SECRET.length >= 16, {
    path: ['ENGAGEMENT_WEBHOOK_SECRET'],
    message: 'a channel has a webhook, expected a secret of at least 16 characters to sign it with',
  })

export type Config = z.infer<typeof config>

export function webhooksOf(from: {
  ENGAGEMENT_SMS_WEBHOOK: string
  ENGAGEMENT_PUSH_WEBHOOK: string
  ENGAGEMENT_VOICE_WEBHOOK: string
}) {
  return [
    { channel: 'CHANNEL_SMS' as const, url: from.ENGAGEMENT_SMS_WEBHOOK },
    { channel: 'CHANNEL_PUSH' as const, url: from.ENGAGEMENT_PUSH_WEBHOOK },
    { channel: 'CHANNEL_VOICE' as const, url: from.ENGAGEMENT_VOICE_WEBHOOK },
  ].filter(({ url }) => url !== '')
}
