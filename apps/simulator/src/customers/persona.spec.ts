import { describe, expect, test } from '@jest/globals'
import { linkFor, linksIn } from './links-in-mail.ts'
import { delayOf, personaOf, reactionOf, type LinkAction } from './persona.ts'

const proposal: LinkAction[] = ['accept', 'other-time', 'other-time', 'decline', 'opt-out']
const fresh = { askedBefore: false, tomorrow: '2026-11-21T08:00:00.000Z' }

describe('L12 simulated customers', () => {
  test.each([
    ['accepts.1@customers.example', 'accepts'],
    ['declines.x-9@customers.example', 'declines'],
    ['other-time.7@customers.example', 'other-time'],
    ['silent.7@customers.example', 'silent'],
    ['slow@customers.example', 'slow'],
    ['declinesx.7@customers.example', 'accepts'],
    ['ada@example.org', 'accepts'],
  ])('L12 %s behaves as %s', (address, persona) => {
    expect(personaOf(address)).toBe(persona)
  })

  test('L12 react to a proposal each in their own way', () => {
    expect(reactionOf('accepts', proposal, fresh)?.action).toBe('accept')
    expect(reactionOf('slow', proposal, fresh)?.action).toBe('accept')
    expect(reactionOf('declines', proposal, fresh)?.action).toBe('decline')
    expect(reactionOf('silent', proposal, fresh)).toBeUndefined()
  })

  test('L12 other-time asks once, with a preference, and then accepts', () => {
    expect(reactionOf('other-time', proposal, fresh)).toEqual({
      action: 'other-time',
      form: { notBefore: fresh.tomorrow, dayParts: 'morning' },
    })
    expect(reactionOf('other-time', proposal, { ...fresh, askedBefore: true })?.action).toBe('accept')
  })

  test('L12 answer feedback with 5 and leave a confirmation alone', () => {
    expect(reactionOf('accepts', ['feedback', 'opt-out'], fresh)?.form.rating).toBe('5')
    expect(reactionOf('silent', ['feedback', 'opt-out'], fresh)).toBeUndefined()
    expect(reactionOf('accepts', ['opt-out'], fresh)).toBeUndefined()
  })

  test('L12 take their time by their address, the slow ones ten times as long', () => {
    expect(delayOf('accepts.1@x', 300)).toBe(delayOf('accepts.1@x', 300))
    for (let id = 0; id < 50; id++) {
      expect(Math.abs(delayOf(`accepts.${id}@x`, 300) - 300)).toBeLessThanOrEqual(75)
      expect(Math.abs(delayOf(`slow.${id}@x`, 300) - 3000)).toBeLessThanOrEqual(750)
    }
  })

  test('L12 find the links of a mail by what they do, and prefer the open question to an alternative slot', () => {
    const html =
      '<a href="http://a/r/1?x=1&amp;y=2" data-action="accept">Yes</a><a data-action="other-time" href="http://a/r/slot">Tue</a>' +
      '<a data-action="other-time" href="http://a/r/open">Other</a><a href="http://a/plain">x</a>'
    const links = linksIn(html)
    expect(links.map(({ action }) => action)).toEqual(['accept', 'other-time', 'other-time'])
    expect(linkFor(links, 'accept')).toBe('http://a/r/1?x=1&y=2')
    expect(linkFor(links, 'other-time')).toBe('http://a/r/open')
    expect(linkFor(links, 'decline')).toBeUndefined()
  })
})
