import { describe, expect, test } from '@jest/globals'
import type { engagement } from '@pitcrew/contracts'
import { languageOf, readCustomer } from './customer.ts'
import { preferenceOf } from './preference.ts'
import { redact } from './redact.ts'

const record: engagement.Customer = {
  ...{
    customerId: 'c1',
    name: 'Ada',
    email: 'ada@example.org',
    phone: '',
    language: 'pt-PT',
    timeZone: 'America/Sao_Paulo',
  },
  ...{
    channels: ['CHANNEL_EMAIL', 'CHANNEL_EMAIL', 'CHANNEL_OPERATOR'],
    consents: ['CHANNEL_EMAIL'],
    vehicleIds: ['v1'],
  },
  ...{ quietFrom: '', quietUntil: '' },
}

describe('N7 customer records', () => {
  test('N7 are read with defaults, without channels that are no machine', () => {
    const customer = readCustomer(record)
    expect(customer.channels).toEqual(['CHANNEL_EMAIL'])
    expect(customer.quietHours).toEqual({ from: '21:00', until: '08:00' })
    expect(customer.language).toBe('pt-BR')
    expect([languageOf('en-GB'), languageOf('fr'), languageOf('')]).toEqual(['en', 'en', 'en'])
  })

  test.each<[string, Partial<engagement.Customer>]>([
    ['BAD_CUSTOMER', { customerId: '' }],
    ['BAD_CUSTOMER', { email: 'ada@example.org, eve@example.org' }],
    ['BAD_CUSTOMER', { email: 'ada@example.org\r\nBcc: eve@example.org' }],
    ['BAD_CUSTOMER', { phone: '11 91234-5678' }],
    ['BAD_TIME_ZONE', { timeZone: 'Mars/Olympus' }],
    ['BAD_QUIET_HOURS', { quietFrom: '9pm', quietUntil: '8am' }],
    ['BAD_QUIET_HOURS', { quietFrom: '21:00' }],
    ['BAD_QUIET_HOURS', { quietFrom: '24:00', quietUntil: '08:00' }],
  ])('N7 are refused as %s when they hold %p', (code, change) => {
    expect(() => readCustomer({ ...record, ...change })).toThrow(expect.objectContaining({ kind: 'terminal', code }))
  })
})

describe('L4 preferences', () => {
  const slot = (slotId: string, startsAt: string) => ({
    ...{ slotId, centreId: 'centre-1', centreName: 'Centre', timeZone: 'UTC' },
    ...{ startsAt, endsAt: '2026-11-24T12:00:00.000Z' },
  })
  const offered = slot('s1', '2026-11-23T08:00:00.000Z')

  test('L4 of the form are checked and count the offered slot as refused', () => {
    const form = {
      notBefore: '2026-11-22T00:00:00Z',
      dayParts: ['morning', 'morning'],
      weekdays: [1, 2],
      centreId: '',
      refusedSlotIds: ['x'],
    }
    expect(preferenceOf({ ...form, notAfter: '' }, undefined, offered)).toEqual({
      ...{ notBefore: '2026-11-22T00:00:00.000Z', notAfter: undefined },
      ...{ dayParts: ['morning'], weekdays: [1, 2], centreId: '', refusedSlotIds: ['s1'] },
    })
  })

  test('L4 of a link to an alternative are that slot', () => {
    const preference = preferenceOf(undefined, slot('s2', '2026-11-24T11:00:00.000Z'), offered)
    expect(preference).toMatchObject({
      ...{ notBefore: '2026-11-24T11:00:00.000Z', notAfter: '2026-11-24T12:00:00.000Z' },
      ...{ centreId: 'centre-1', refusedSlotIds: ['s1'] },
    })
  })

  test.each([{ dayParts: ['night'] }, { weekdays: [0] }, { weekdays: [1.5] }, { notBefore: 'soon' }])(
    'L4 %p is refused',
    (wrong) => {
      const form = { dayParts: [], weekdays: [], centreId: '', refusedSlotIds: [], ...wrong }
      expect(() => preferenceOf(form, undefined, offered)).toThrow(expect.objectContaining({ code: 'BAD_PREFERENCE' }))
    },
  )
})

describe('L6 comments', () => {
  test('L6 are passed on without what reaches or names the customer', () => {
    expect(redact('Call me, Ada, on +55 11 91234-5678 or ada@example.org. 5 stars, 2026!', 'Ada de Souza')).toBe(
      'Call me, [name], on [number] or [e-mail]. 5 stars, 2026!',
    )
    expect(redact('All fine (really).', '')).toBe('All fine (really).')
    expect(redact('Canada (a+b)', 'Ada (a+b')).toBe('Canada [name])')
  })
})
