import type { engagement } from '@pitcrew/contracts'
import { askPage } from '../domain/text/page.ts'
import { openLink, type LinkParts, type OpenedLink } from './opened-link.ts'

/** Shows what a link would do and does nothing: mail scanners open every link that they find. */
export function getLink(parts: LinkParts) {
  return async ({ token }: engagement.GetLinkRequest): Promise<engagement.GetLinkResponse> => {
    const opened = await openLink(parts, token)
    const { link, message, content, customer } = opened
    const page = askPage(link, content, customer)
    return { action: link.action, caseId: message.caseId, ...page, alreadyUsed: await isUsed(parts, opened) }
  }
}

async function isUsed({ replies }: LinkParts, { link, message }: OpenedLink): Promise<boolean> {
  switch (link.action) {
    case 'accept':
    case 'other-time':
    case 'decline':
      return (await replies.offerState(message)).kind !== 'open'
    case 'opt-out':
      return replies.optedOut(message)
    case 'feedback':
      return replies.hasFeedback(message)
  }
}
