/** E-mail over SMTP: text and HTML, one-click unsubscribe (RFC 8058), the appointment as an invitation (RFC 6047). */
import { createHash } from 'node:crypto'
import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo, type Transporter } from 'nodemailer'
import { Retryable, Terminal, type Failure } from '@pitcrew/errors'
import type { Channel, ChannelDelivery } from '../ports.ts'
import { renderHtml, renderText } from '../domain/text/render.ts'

export interface EmailOptions {
  /** `smtp://user:password@host:port`, or smtps. */
  smtpUrl: string
  /** `Name <address>` */
  from: string
  /** A server that does not answer for this long has failed; default 10 s. */
  timeoutMs?: number
}

export class EmailChannel implements Channel {
  readonly channel = 'CHANNEL_EMAIL'
  readonly #transport: Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>
  readonly #from: string

  constructor({ smtpUrl, from, timeoutMs = 10_000 }: EmailOptions) {
    this.#from = from
    const timeouts = {
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    }
    this.#transport = createTransport({ url: smtpUrl, pool: true, maxConnections: 4, ...timeouts })
  }

  async send(delivery: ChannelDelivery): Promise<void> {
    try {
      await this.#transport.sendMail(mailOf(delivery, this.#from))
    } catch (thrown) {
      throw failureOf(thrown)
    }
  }

  async close(): Promise<void> {
    this.#transport.close()
  }
}

function mailOf({ message, kind, address, name, letter }: ChannelDelivery, from: string) {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost'
  const invitation =
    letter.icalendar === undefined
      ? {}
      : { icalEvent: { method: 'REQUEST', filename: 'appointment.ics', content: letter.icalendar } }
  return {
    from,
    to: { name, address },
    subject: letter.subject,
    text: renderText(letter),
    html: renderHtml(letter),
    // The same in every attempt, so a receiver that got it twice can tell; a case is one thread.
    messageId: `<${message.messageId}@${domain}>`,
    references: `<${threadOf(message.caseId)}@${domain}>`,
    headers: {
      'List-Unsubscribe': { prepared: true, value: `<${letter.optOut.url}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      'X-Pitcrew-Kind': kind,
    },
    ...invitation,
  }
}

function threadOf(caseId: string): string {
  return `case-${createHash('sha256').update(caseId).digest('hex').slice(0, 24)}`
}

/**
 * RFC 5321 section 4.2.1: 4yz may pass, 5yz will not. Without a reply code the server was not reached, or went away.
 * What the server said is not passed on, for it likes to quote the address.
 */
function failureOf(thrown: unknown): Failure {
  const { responseCode, code = 'UNKNOWN' } = thrown as { responseCode?: number; code?: string }
  const details = { responseCode, smtpError: code }
  if (code === 'EAUTH') {
    const hint = 'check the user and the password in SMTP_URL'
    return new Retryable('MAIL_AUTH_FAILED', 'the mail server refused our credentials', {
      hint,
      details,
      cause: thrown,
    })
  }
  if (responseCode !== undefined && responseCode >= 500) {
    const message = `the mail server refused the message for good (${responseCode})`
    return new Terminal('MAIL_REFUSED', message, { hint: 'reach the customer another way', details })
  }
  const message =
    responseCode === undefined
      ? 'the mail server could not be reached'
      : `the mail server asked to try later (${responseCode})`
  const hint = 'check that the server of SMTP_URL runs and can be reached'
  return new Retryable('MAIL_UNAVAILABLE', message, { hint, details })
}
