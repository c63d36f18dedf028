import type { engagement } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { slotOf } from '../domain/content.ts'
import { preferenceOf } from '../domain/preference.ts'
import { redact } from '../domain/redact.ts'
import type { Answer } from '../domain/reply.ts'
import { readTextReply } from '../domain/text-reply.ts'
import { answerPage, feedbackPage, optOutPage } from '../domain/text/page.ts'
import type { PageWords } from '../domain/text/phrases.ts'
import { openLink, type LinkParts, type OpenedLink } from './opened-link.ts'

type Request = engagement.FollowLinkRequest

/** The customer pressed the button. It acts once; pressed again it says that it was recorded. */
export function followLink(parts: LinkParts) {
  return async (request: Request): Promise<engagement.FollowLinkResponse> => {
    const opened = await openLink(parts, request.token)
    // Opt-out before intent: who writes nothing but STOP into a form wants just that.
    if (readTextReply(request.comment).kind === 'opt-out') return optOut(parts, opened)
    return act(parts, opened, request)
  }
}

async function act(parts: LinkParts, opened: OpenedLink, request: Request): Promise<PageWords> {
  switch (opened.link.action) {
    case 'accept':
      return answer(parts, opened, 'REPLY_KIND_ACCEPT')
    case 'other-time':
      return answer(parts, opened, 'REPLY_KIND_OTHER_TIME', request)
    case 'decline':
      return answer(parts, opened, 'REPLY_KIND_DECLINE')
    case 'opt-out':
      return optOut(parts, opened)
    case 'feedback':
      return giveFeedback(parts, opened, request)
  }
}

async function answer(
  { replies, clock }: LinkParts,
  { link, message, content, customer }: OpenedLink,
  reply: Answer,
  request?: Request,
): Promise<PageWords> {
  const offered = content.purpose === 'proposal' ? content.slot : undefined
  const preference = request && preferenceOf(request.preference, slotOf(content, link.slotId), offered)
  return answerPage(await replies.answer(message, reply, preference, clock.now()), customer.language)
}

async function optOut({ replies, clock }: LinkParts, { message, customer }: OpenedLink): Promise<PageWords> {
  return optOutPage(await replies.optOut(message, clock.now()), customer.language)
}

async function giveFeedback(
  { replies, clock }: LinkParts,
  { message, customer }: OpenedLink,
  { rating, problemSolved, comment }: Request,
): Promise<PageWords> {
  if (!Number.isInteger(rating) || rating < 1 || rating > 5) {
    throw new Terminal('BAD_RATING', `rating ${rating} is not a whole number from 1 to 5`, {
      hint: 'choose one of the five',
    })
  }
  if (comment.length > maxComment) {
    throw new Terminal('TOO_LARGE', `the comment has ${comment.length} characters, expected at most ${maxComment}`)
  }
  const published = redact(comment, customer.profile?.name ?? '')
  const first = await replies.giveFeedback(message, { rating, problemSolved, comment, published }, clock.now())
  return feedbackPage(first, customer.language)
}

const maxComment = 4000
