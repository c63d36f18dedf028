/** Writes a message: what it says and where its links lead, before it takes the form of any channel. */
import type { ConfirmationContent, Content, ProposalContent } from '../content.ts'
import type { Language } from '../customer.ts'
import type { LinkAction } from '../link.ts'
import { phrasesOf, slotTime } from './language.ts'

export interface Letter {
  language: Language
  subject: string
  greeting: string
  paragraphs: string[]
  buttons: Button[]
  /** How to answer where there are no buttons to press; empty when no answer is asked for. */
  digits: string
  footer: string
  optOut: Button
  /** RFC 5545, to attach; undefined when there is none. */
  icalendar: string | undefined
}

export interface Button {
  action: LinkAction
  label: string
  url: string
}

export interface Addressee {
  name: string
  language: Language
  timeZone: string
}

/** Gives the address of a link; with other-time, for one alternative slot when its id is given. */
export type LinkTo = (action: LinkAction, slotId?: string) => string

export function writeLetter(content: Content, vehicleId: string, to: Addressee, linkTo: LinkTo): Letter {
  const phrases = phrasesOf(to.language)
  const frame = {
    language: to.language,
    greeting: phrases.greeting(to.name),
    footer: phrases.footer,
    optOut: { action: 'opt-out' as const, label: phrases.optOut, url: linkTo('opt-out') },
    digits: '',
    icalendar: undefined,
  }
  switch (content.purpose) {
    case 'proposal':
      return { ...frame, ...proposal(content, vehicleId, to, linkTo) }
    case 'confirmation':
      return { ...frame, ...confirmation(content, vehicleId, to) }
    case 'feedback':
      return {
        ...frame,
        subject: phrases.feedback.subject(vehicleId),
        paragraphs: [phrases.feedback.ask(vehicleId)],
        buttons: [{ action: 'feedback', label: phrases.feedback.button, url: linkTo('feedback') }],
      }
  }
}

function proposal(content: ProposalContent, vehicleId: string, to: Addressee, linkTo: LinkTo) {
  const { proposal: words, systems, haste, quotesProblem } = phrasesOf(to.language)
  const system = systems[content.system]
  const time = (slot: ProposalContent['slot']) => slotTime(slot, to.language, to.timeZone)
  const problem = quotesProblem && content.problem !== '' ? sentence(content.problem) : system.problem
  const subject = words.subject(vehicleId, system.name, content.urgency)
  const buttons: Button[] = [
    { action: 'accept', label: words.accept, url: linkTo('accept') },
    ...content.alternatives.map((slot) => ({
      action: 'other-time' as const,
      label: words.alternative(time(slot)),
      url: linkTo('other-time', slot.slotId),
    })),
    { action: 'other-time', label: words.otherTime, url: linkTo('other-time') },
    { action: 'decline', label: words.decline, url: linkTo('decline') },
  ]
  return {
    subject: content.reminder ? words.reminderSubject(subject) : subject,
    paragraphs: [
      ...(content.reminder ? [words.reminder] : []),
      `${words.finding(vehicleId, problem)} ${haste[content.urgency]}`,
      words.offer(time(content.slot), content.slot.centreName),
    ],
    buttons,
    digits: words.digits,
  }
}

function confirmation(content: ConfirmationContent, vehicleId: string, to: Addressee) {
  const { confirmation: words } = phrasesOf(to.language)
  const time = slotTime(content.slot, to.language, to.timeZone)
  const reference = content.dealerReference === '' ? [] : [words.reference(content.dealerReference)]
  return {
    subject: words.subject(vehicleId, time),
    paragraphs: [[words.booked(vehicleId, time, content.slot.centreName), ...reference].join(' '), words.calendar],
    buttons: [],
    icalendar: content.icalendar === '' ? undefined : content.icalendar,
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
