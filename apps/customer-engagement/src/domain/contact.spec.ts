import { describe, expect, test } from '@jest/globals'
import { channelOfRound, ladderOf } from './channel.ts'
import { decideContact, type Occasion } from './contact.ts'
import type { Customer, ReachChannel } from './customer.ts'

const ada: Customer = {
  customerId: 'c1',
  profile: { name: 'Ada', email: 'ada@example.org', phone: '+5511912345678' },
  language: 'en',
  timeZone: 'UTC',
  channels: ['CHANNEL_SMS', 'CHANNEL_EMAIL', 'CHANNEL_VOICE'],
  consents: ['CHANNEL_EMAIL', 'CHANNEL_SMS'],
  quietHours: { from: '21:00', until: '08:00' },
}
const all = new Set<ReachChannel>(['CHANNEL_EMAIL', 'CHANNEL_SMS', 'CHANNEL_VOICE', 'CHANNEL_PUSH'])
const noon = Date.UTC(2026, 10, 20, 12)
const night = Date.UTC(2026, 10, 20, 23)
const morning = Date.UTC(2026, 10, 21, 8)
const ask: Occasion = {
  purpose: 'proposal',
  urgency: 'URGENCY_HIGH',
  silentRounds: 0,
  now: noon,
  expiresAt: noon + 1e9,
}

describe('N7 choosing a channel', () => {
  test('N7 follows the preference among what was consented to, has an address and is at work', () => {
    expect(ladderOf(ada, all)).toEqual({ kind: 'usable', channels: ['CHANNEL_SMS', 'CHANNEL_EMAIL'] })
    expect(ladderOf(ada, new Set<ReachChannel>(['CHANNEL_EMAIL']))).toEqual({
      kind: 'usable',
      channels: ['CHANNEL_EMAIL'],
    })
    const noPhone = { ...ada, profile: { ...ada.profile!, phone: '' } }
    expect(ladderOf(noPhone, all)).toEqual({ kind: 'usable', channels: ['CHANNEL_EMAIL'] })
    expect(ladderOf({ ...ada, channels: [] }, all)).toEqual({
      kind: 'usable',
      channels: ['CHANNEL_EMAIL', 'CHANNEL_SMS'],
    })
  })

  test.each([
    ['NO_CUSTOMER', undefined],
    ['ERASED', { ...ada, profile: undefined }],
    ['NO_CONSENT', { ...ada, consents: [] }],
    ['NO_ADDRESS', { ...ada, profile: { name: 'Ada', email: '', phone: '' } }],
    ['NO_CHANNEL', { ...ada, consents: ['CHANNEL_SMS' as const] }],
  ])('N7 says why nobody may be written to: %s', (reason, customer) => {
    const email = new Set<ReachChannel>(['CHANNEL_EMAIL'])
    expect(decideContact(customer, email, ask)).toEqual({ kind: 'suppress', reason })
  })

  test('L4 moves on a channel with each silent round and ends with a person', () => {
    const ladder: ReachChannel[] = ['CHANNEL_SMS', 'CHANNEL_EMAIL']
    const rounds = [0, 1, 2, 9].map((silent) => channelOfRound(ladder, silent, 'URGENCY_HIGH'))
    expect(rounds).toEqual(['CHANNEL_SMS', 'CHANNEL_EMAIL', 'CHANNEL_OPERATOR', 'CHANNEL_OPERATOR'])
  })

  test('L4 reminds once on the only channel, but hands CRITICAL over at once', () => {
    const only: ReachChannel[] = ['CHANNEL_EMAIL']
    expect(channelOfRound(only, 1, 'URGENCY_MEDIUM')).toBe('CHANNEL_EMAIL')
    expect(channelOfRound(only, 2, 'URGENCY_MEDIUM')).toBe('CHANNEL_OPERATOR')
    expect(channelOfRound(only, 1, 'URGENCY_CRITICAL')).toBe('CHANNEL_OPERATOR')
  })
})

describe('N7 quiet hours decide when', () => {
  test('N7 a proposal at night waits for the morning, one by day does not', () => {
    expect(decideContact(ada, all, ask)).toEqual({ kind: 'write', channel: 'CHANNEL_SMS' })
    expect(decideContact(ada, all, { ...ask, now: night })).toEqual({
      kind: 'defer',
      channel: 'CHANNEL_SMS',
      until: morning,
      reason: 'QUIET_HOURS',
    })
  })

  test('N7 only CRITICAL and the answer to what the customer just did go through at night', () => {
    const at = (over: Partial<Occasion>) => decideContact(ada, all, { ...ask, now: night, ...over }).kind
    expect(at({ urgency: 'URGENCY_CRITICAL' })).toBe('write')
    expect(at({ purpose: 'confirmation' })).toBe('write')
    expect(at({ purpose: 'feedback' })).toBe('defer')
    expect(at({ urgency: 'URGENCY_MEDIUM' })).toBe('defer')
  })

  test('N7 what would be moot by the morning goes to a person', () => {
    const moot = decideContact(ada, all, { ...ask, now: night, expiresAt: morning })
    expect(moot).toEqual({ kind: 'hand-over', reason: 'NO_TIME_TO_ASK' })
  })
})
