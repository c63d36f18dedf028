/** The words of the page behind a link, before and after the button. */
import type { Content } from '../content.ts'
import { slotOf } from '../content.ts'
import type { Link } from '../link.ts'
import type { Answer, Outcome } from '../reply.ts'
import { phrasesOf, slotTime } from './language.ts'
import type { Addressee } from './letter.ts'
import type { PageWords } from './phrases.ts'

export function askPage(link: Link, content: Content, to: Omit<Addressee, 'name'>): PageWords & { button: string } {
  const { page } = phrasesOf(to.language)
  switch (link.action) {
    case 'accept': {
      if (content.purpose !== 'proposal') return page.accept
      const time = slotTime(content.slot, to.language, to.timeZone)
      return { ...page.accept, text: `${page.accept.text} ${page.offeredSlot(time, content.slot.centreName)}` }
    }
    case 'other-time': {
      const slot = slotOf(content, link.slotId)
      if (slot === undefined) return page.otherTime
      return { ...page.otherTime, text: page.wantedSlot(slotTime(slot, to.language, to.timeZone)) }
    }
    case 'decline':
      return page.decline
    case 'opt-out':
      return page.optOut
    case 'feedback':
      return page.feedback
  }
}

export function answerPage(outcome: Outcome, language: Addressee['language']): PageWords {
  const { done, already } = phrasesOf(language)
  switch (outcome.kind) {
    case 'recorded':
      return done[outcome.reply]
    case 'repeated':
    case 'answered-otherwise':
      return { title: already.title, text: already.answer[outcome.reply satisfies Answer] }
    case 'superseded':
      return already.superseded
  }
}

export function optOutPage(first: boolean, language: Addressee['language']): PageWords {
  const { done, already } = phrasesOf(language)
  return first ? done.REPLY_KIND_OPT_OUT : { title: already.title, text: already.optOut }
}

export function feedbackPage(first: boolean, language: Addressee['language']): PageWords {
  const { done, already } = phrasesOf(language)
  return first ? done.feedback : { title: already.title, text: already.feedback }
}
