import { describe, expect, test } from '@jest/globals'
import type { scheduling, vehicle } from '@pitcrew/contracts'
import type { ProposalContent } from '../content.ts'
import { slotTime } from './language.ts'
import { writeLetter, type Addressee } from './letter.ts'
import { renderHtml, renderShort, renderText } from './render.ts'

const slot = (slotId: string, startsAt: string): scheduling.Slot => ({
  ...{ slotId, centreId: 'c', centreName: 'Oficina <Sul>', timeZone: 'America/Sao_Paulo' },
  ...{ startsAt, endsAt: undefined },
})
const content: ProposalContent = {
  ...{ purpose: 'proposal', reminder: false, urgency: 'URGENCY_HIGH', system: 'VEHICLE_SYSTEM_COOLING' },
  problem: 'The engine is losing coolant',
  slot: slot('s1', '2026-11-24T12:30:00Z'),
  alternatives: [slot('s2', '2026-11-25T17:00:00Z')],
}
const ada: Addressee = { name: 'Ada & Co', language: 'en', timeZone: 'America/Sao_Paulo' }
const linkTo = (action: string, slotId = '') => `http://here/r/${action}${slotId && `-${slotId}`}?a&b`

const urgencies: vehicle.Urgency[] = ['URGENCY_CRITICAL', 'URGENCY_HIGH', 'URGENCY_MEDIUM', 'URGENCY_LOW']

describe('L4 messages', () => {
  test('L4 name the customer, the vehicle, the problem in plain words, and the slot on the wall clock of the customer', () => {
    const text = renderText(writeLetter(content, 'car-7', ada, linkTo))
    expect(text).toContain('Hello Ada & Co,')
    expect(text).toContain('Your vehicle car-7 reports a problem. The engine is losing coolant.')
    expect(text).toContain('Tuesday 24 November at 09:30 at Oficina <Sul>')
    expect(text).toContain('Rather Wednesday 25 November at 14:00:\nhttp://here/r/other-time-s2?a&b')
  })

  test('L4 tell another wall clock apart by its zone', () => {
    expect(slotTime(content.slot, 'en', 'Europe/London')).toMatch(/24 November.* 12:30 (GMT|UTC)/)
    expect(slotTime(content.slot, 'pt-BR', 'America/Sao_Paulo')).toMatch(/24 de novembro.*09:30$/)
  })

  test('L3 L4 speak with the urgency of the matter, differently for each', () => {
    for (const language of ['en', 'pt-BR'] as const) {
      const texts = urgencies.map((urgency) =>
        renderText(writeLetter({ ...content, urgency }, 'car-7', { ...ada, language }, linkTo)),
      )
      expect(new Set(texts).size).toBe(urgencies.length)
    }
    const critical = writeLetter({ ...content, urgency: 'URGENCY_CRITICAL' }, 'car-7', ada, linkTo)
    expect(critical.subject).toContain('Urgent')
  })

  test('L4 in Portuguese hold no English', () => {
    const text = renderText(writeLetter(content, 'car-7', { ...ada, language: 'pt-BR' }, linkTo))
    expect(text).toContain('O motor não está mais sendo resfriado como deveria.')
    expect(text).not.toMatch(/coolant|your|please/i)
  })

  test('L4 as HTML escape what others wrote, and carry every link once', () => {
    const letter = writeLetter(content, 'car-7', ada, linkTo)
    const html = renderHtml(letter)
    expect(html).toContain('Ada &#38; Co')
    expect(html).toContain('Oficina &#60;Sul&#62;')
    const actions = [...html.matchAll(/data-action="([a-z-]+)"/g)].map(([, action]) => action)
    expect(actions).toEqual(['accept', 'other-time', 'other-time', 'decline', 'opt-out'])
    expect(html).toContain('href="http://here/r/accept?a&#38;b"')
  })

  test('N7 in short form offer one link, digits and STOP, which is no digit for declining', () => {
    const short = renderShort(writeLetter(content, 'car-7', ada, linkTo))
    expect(short).toContain('http://here/r/accept?a&b')
    expect(short).toContain('3 to decline, STOP to hear no more')
  })

  test('L4 a reminder says that it is one', () => {
    const letter = writeLetter({ ...content, reminder: true }, 'car-7', ada, linkTo)
    expect(letter.subject).toMatch(/^Reminder: /)
    expect(letter.paragraphs[0]).toContain('asking again')
  })
})
