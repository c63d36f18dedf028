import { describe, expect, test } from '@jest/globals'
import { readLink, signLink, type Link } from './link.ts'

const key = new Uint8Array(32).fill(7)
const now = Date.UTC(2026, 10, 20, 12)
const link: Link = { messageId: 'msg-1', action: 'accept', slotId: '', expiresAt: now + 60_000 }
const bad = expect.objectContaining({ kind: 'terminal', code: 'BAD_LINK' })

function thrownBy(fn: () => unknown): unknown {
  try {
    return fn()
  } catch (error) {
    return error
  }
}

describe('N7 links', () => {
  test('N7 say what they were signed for until their time is over', () => {
    const token = signLink(key, link)
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/)
    expect(readLink(key, token, now)).toEqual(link)
    expect(readLink(key, token, now + 59_999)).toEqual(link)
    expect(thrownBy(() => readLink(key, token, now + 60_000))).toMatchObject({ kind: 'terminal', code: 'GONE' })
  })

  test('N7 changed anywhere are refused', () => {
    const token = signLink(key, link)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect(thrownBy(() => readLink(key, changed, now))).toEqual(bad)
    }
  })

  test('N7 made by somebody else, cut short, doubled or made up are refused', () => {
    const token = signLink(key, link)
    const forged = signLink(new Uint8Array(32).fill(8), link)
    for (const wrong of [
      forged,
      token.slice(0, -1),
      `${token}.x`,
      `${token}=`,
      '',
      '.',
      'x'.repeat(5000),
      '../../etc',
    ]) {
      expect(thrownBy(() => readLink(key, wrong, now))).toEqual(bad)
    }
  })

  test('N7 an action cannot be moved from one token to another', () => {
    const decline = signLink(key, { ...link, action: 'decline' })
    const accept = signLink(key, link)
    const mixed = `${decline.split('.')[0]}.${accept.split('.')[1]}`
    expect(thrownBy(() => readLink(key, mixed, now))).toEqual(bad)
  })
})
