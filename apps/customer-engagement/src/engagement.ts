/** Puts the service together: what runs in the process and what the tests run. */
import type { Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import { relayOutbox } from '@pitcrew/outbox'
import { startLoop } from '@pitcrew/service'
import { EmailChannel } from './adapters/email-channel.ts'
import { inboundListener } from './adapters/inbound.ts'
import { openKeys } from './adapters/master-key.ts'
import { PersonKeys } from './adapters/person-keys.ts'
import { SqlCustomers } from './adapters/sql-customers.ts'
import { SqlMessages } from './adapters/sql-messages.ts'
import { SqlReplies } from './adapters/sql-replies.ts'
import { WebhookChannel } from './adapters/webhook-channel.ts'
import { webhooksOf, type Config } from './config.ts'
import { sendDeferred } from './deferred.ts'
import { Delivery } from './delivery.ts'
import { askFeedback } from './handlers/ask-feedback.ts'
import { confirmAppointment } from './handlers/confirm-appointment.ts'
import { followLink } from './handlers/follow-link.ts'
import { getLink } from './handlers/get-link.ts'
import { listMessages } from './handlers/list-messages.ts'
import { proposeAppointment } from './handlers/propose-appointment.ts'
import { receiveText } from './handlers/text-reply.ts'
import { upsertCustomer } from './handlers/upsert-customer.ts'
import { Links } from './links.ts'
import type { Channel, Clock } from './ports.ts'

export interface Surroundings {
  /** Migrated already. */
  database: Database
  messaging: Pick<Messaging, 'publish'>
  telemetry: Telemetry
  config: Config
  clock: Clock
}

export type Engagement = Awaited<ReturnType<typeof openEngagement>>

export async function openEngagement({ database, messaging, telemetry, config, clock }: Surroundings) {
  const keys = await openKeys(config.ENGAGEMENT_MASTER_KEY_FILE, database)
  const personKeys = new PersonKeys(keys.wrapping)
  const outbox = relayOutbox({ database, schema: 'engagement', messaging, telemetry })
  const committed = outbox.wake
  const customers = new SqlCustomers(database, personKeys)
  const messages = new SqlMessages(database, personKeys, committed)
  const replies = new SqlReplies(database, personKeys, committed)
  const links = new Links(keys.links, config.PUBLIC_URL, clock)
  const channels = new Map(channelsOf(config, clock).map((channel) => [channel.channel, channel]))
  const delivery = new Delivery({ customers, messages, channels, links, clock, telemetry })

  const notifyParts = { customers, messages, delivery, clock }
  const linkParts = { customers, messages, replies, links, clock }
  const deferredParts = { messages, delivery, clock, logger: telemetry.logger }
  const deferred = startLoop({
    name: 'sending deferred messages',
    everyMs: config.ENGAGEMENT_POLL_MS,
    logger: telemetry.logger,
    run: () => sendDeferred(deferredParts),
  })
  const secret = config.ENGAGEMENT_WEBHOOK_SECRET

  return {
    customers,
    /** Takes replies in text from channels that are reached by webhook; undefined when there is none. */
    inbound:
      webhooksOf(config).length === 0 ? undefined : inboundListener({ secret, clock, receive: receiveText(linkParts) }),
    proposeAppointment: proposeAppointment(notifyParts),
    confirmAppointment: confirmAppointment(notifyParts),
    askFeedback: askFeedback(notifyParts),
    upsertCustomer: upsertCustomer(customers),
    getLink: getLink(linkParts),
    followLink: followLink(linkParts),
    listMessages: listMessages(messages),
    /** Finishes what is in hand. */
    async stop() {
      await deferred.stop()
      await outbox.stop()
      for (const channel of channels.values()) await channel.close()
    },
  }
}

function channelsOf(config: Config, clock: Clock): Channel[] {
  const email = new EmailChannel({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM })
  const secret = config.ENGAGEMENT_WEBHOOK_SECRET
  return [email, ...webhooksOf(config).map(({ channel, url }) => new WebhookChannel({ channel, url, secret, clock }))]
}
