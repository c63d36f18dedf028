import PostalMime from 'postal-mime'

/** A mail as it arrived, decoded. */
export interface ReceivedMail {
  /** 1 for the first that this sink received. */
  id: number
  receivedAt: string
  from: string
  /** Of the envelope: who it was delivered to. */
  to: string[]
  subject: string
  messageId: string
  /** The thread: what the sender put in References. */
  references: string
  /** By lower-case name; of several, the last. */
  headers: Record<string, string>
  text: string
  html: string
  attachments: MailAttachment[]
}

export interface MailAttachment {
  filename: string
  mimeType: string
  /** Of text/calendar. */
  method: string
  content: string
}

export interface Arrival {
  id: number
  receivedAt: string
  from: string
  to: string[]
}

/** Never fails on a mail that is not well formed: it shows what could be read. */
export async function readMail(raw: Uint8Array, arrival: Arrival): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'utf8' })
  return {
    ...arrival,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    references: mail.references ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    text: mail.text ?? '',
    html: mail.html ?? '',
    attachments: mail.attachments.map(({ filename, mimeType, method, content }) => ({
      filename: filename ?? '',
      mimeType,
      method: method ?? '',
      content: String(content),
    })),
  }
}
