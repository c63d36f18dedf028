export { mailSink, refusalOf, type MailSink, type MailSinkOptions } from './sink.ts'
export type { MailAttachment, ReceivedMail } from './received-mail.ts'
