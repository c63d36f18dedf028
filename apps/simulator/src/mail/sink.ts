/**
 * A mail server for demonstrations and tests: takes what it is sent, keeps the last ones in memory and shows them on a web
 * page. It delivers nothing to anybody.
 */
import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { readMail, type ReceivedMail } from './received-mail.ts'
import { mailWeb } from './web.ts'

export interface MailSinkOptions {
  /** Default 127.0.0.1. */
  host?: string
  /** 0 for any free one. */
  smtpPort: number
  webPort: number
  /** How many mails are kept; default 500. */
  keep?: number
  /** The SMTP reply code (4xx or 5xx) for a recipient that is refused, else undefined. Default: `refusalOf`. */
  refuse?: (address: string) => number | undefined
}

export interface MailSink {
  readonly smtpPort: number
  readonly webPort: number
  /** Oldest first. */
  messages(): readonly ReceivedMail[]
  /** The result ends it. */
  onMail(listener: (mail: ReceivedMail) => void): () => void
  close(): Promise<void>
}

const maxBytes = 2 * 1024 * 1024

/** Mailboxes that cannot be written to, by their local part: `bounces.<id>` never (550), `busy.<id>` not now (451). */
export function refusalOf(address: string): number | undefined {
  if (address.startsWith('bounces.')) return 550
  return address.startsWith('busy.') ? 451 : undefined
}

export async function mailSink(options: MailSinkOptions): Promise<MailSink> {
  const { host = '127.0.0.1', keep = 500 } = options
  const mails: ReceivedMail[] = []
  const emitter = new EventEmitter<{ mail: [ReceivedMail] }>()
  let received = 0

  const smtp = smtpServer(options, async (raw, session) => {
    const mail = await readMail(raw, { id: ++received, receivedAt: new Date().toISOString(), ...envelopeOf(session) })
    mails.push(mail)
    if (mails.length > keep) mails.shift()
    emitter.emit('mail', mail)
  })
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject)
    smtp.listen(options.smtpPort, host, () => resolve())
  })
  const web = mailWeb(() => mails)
  try {
    await web.listen({ host, port: options.webPort })
  } catch (error) {
    smtp.close()
    throw error
  }

  return {
    smtpPort: (smtp.server.address() as AddressInfo).port,
    webPort: (web.server.address() as AddressInfo).port,
    messages: () => mails,
    onMail(listener) {
      emitter.on('mail', listener)
      return () => emitter.off('mail', listener)
    },
    async close() {
      await Promise.all([web.close(), new Promise<void>((resolve) => smtp.close(() => resolve()))])
    },
  }
}

function smtpServer(
  { refuse = refusalOf }: MailSinkOptions,
  take: (raw: Uint8Array, session: SMTPServerSession) => Promise<void>,
): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxBytes,
    banner: 'Pitcrew mail sink',
    closeTimeout: 500,
    onRcptTo({ address }, _session, callback) {
      const code = refuse(address)
      callback(code === undefined ? null : smtpReply(code, code < 500 ? 'try again later' : 'no such mailbox'))
    },
    onData(stream, session, callback) {
      bytesOf(stream)
        .then((raw) =>
          stream.sizeExceeded ? Promise.reject(smtpReply(552, 'the mail is too large')) : take(raw, session),
        )
        .then(
          () => callback(null),
          (error: Error) => callback(error),
        )
    },
  })
  // A client that goes away in the middle of a command is its own affair.
  server.on('error', () => undefined)
  return server
}

async function bytesOf(stream: SMTPServerDataStream): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function envelopeOf({ envelope }: SMTPServerSession): { from: string; to: string[] } {
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
  return { from, to: envelope.rcptTo.map(({ address }) => address) }
}

function smtpReply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
