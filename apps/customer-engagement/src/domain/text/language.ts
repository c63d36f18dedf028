import type { scheduling } from '@pitcrew/contracts'
import type { Language } from '../customer.ts'
import { en } from './en.ts'
import type { Phrases } from './phrases.ts'
import { ptBr } from './pt-br.ts'

const languages: Record<Language, Phrases> = { en, 'pt-BR': ptBr }

export function phrasesOf(language: Language): Phrases {
  return languages[language]
}

/** The start of a slot as the customer reads it: own language, own wall clock, with the zone when the centre's is another. */
export function slotTime(slot: scheduling.Slot, language: Language, timeZone: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(slot.timeZone !== '' && slot.timeZone !== timeZone ? { timeZoneName: 'short' } : {}),
  })
  return format.format(new Date(slot.startsAt ?? 0))
}
