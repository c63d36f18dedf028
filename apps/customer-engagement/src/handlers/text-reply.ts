import { Terminal } from '@pitcrew/errors'
import type { Answer } from '../domain/reply.ts'
import { readTextReply, type TextReply } from '../domain/text-reply.ts'
import { answerPage, optOutPage } from '../domain/text/page.ts'
import type { LinkParts } from './opened-link.ts'

export interface IncomingText {
  /** As it was given to the channel with the message that this answers. */
  messageId: string
  text: string
}

/** What was made of a text, and what to answer in the language of the customer; `unclear` is for a person to read. */
export interface TextReceipt {
  understood: TextReply['kind']
  answer: string
}

const answers: Record<Exclude<TextReply['kind'], 'opt-out' | 'unclear'>, Answer> = {
  accept: 'REPLY_KIND_ACCEPT',
  'other-time': 'REPLY_KIND_OTHER_TIME',
  decline: 'REPLY_KIND_DECLINE',
}

/** Somebody wrote back on a channel without links. Throws Terminal NOT_FOUND when we never sent the message. */
export function receiveText({ messages, customers, replies, clock }: LinkParts) {
  return async ({ messageId, text }: IncomingText): Promise<TextReceipt> => {
    const message = await messages.find(messageId)
    const customer = message?.customerId === undefined ? undefined : await customers.find(message.customerId)
    if (message === undefined || customer === undefined) {
      throw new Terminal('NOT_FOUND', 'no message was sent under this message id', {
        hint: 'send back the messageId of the webhook',
      })
    }
    const { kind } = readTextReply(text)
    const { language } = customer
    if (kind === 'opt-out')
      return { understood: kind, answer: optOutPage(await replies.optOut(message, clock.now()), language).text }
    if (kind === 'unclear' || message.purpose !== 'proposal') return { understood: 'unclear', answer: '' }
    const preference =
      kind === 'other-time' ? { dayParts: [], weekdays: [], centreId: '', refusedSlotIds: [] } : undefined
    const outcome = await replies.answer(message, answers[kind], preference, clock.now())
    return { understood: kind, answer: answerPage(outcome, language).text }
  }
}
