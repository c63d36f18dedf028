import type { engagement } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { Temporal } from 'temporal-polyfill'
import type { QuietHours } from './quiet-hours.ts'

/** A way to reach the customer by machine. CHANNEL_OPERATOR is not one: it is a person of the fleet. */
export type ReachChannel = Exclude<engagement.Channel, 'CHANNEL_UNSPECIFIED' | 'CHANNEL_OPERATOR'>

export const reachChannels: readonly ReachChannel[] = ['CHANNEL_EMAIL', 'CHANNEL_SMS', 'CHANNEL_PUSH', 'CHANNEL_VOICE']

export type Language = 'en' | 'pt-BR'

/** What names or reaches the person: sealed under the key of that person wherever it is stored. */
export interface Profile {
  name: string
  email: string
  phone: string
}

export interface Customer {
  customerId: string
  /** Undefined once the key of the person was destroyed. */
  profile: Profile | undefined
  language: Language
  /** IANA. */
  timeZone: string
  /** Most preferred first. */
  channels: readonly ReachChannel[]
  /** Channels agreed to and not withdrawn since. */
  consents: readonly ReachChannel[]
  quietHours: QuietHours
}

export const defaultQuietHours: QuietHours = { from: '21:00', until: '08:00' }

/** The language to write in: exact, else by its first part ("pt" and "pt-PT" read pt-BR), else English. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().split('-')[0] === 'pt' ? 'pt-BR' : 'en'
}

/** A customer as somebody sent it, checked. Throws Terminal BAD_CUSTOMER, BAD_TIME_ZONE or BAD_QUIET_HOURS. */
export function readCustomer(from: engagement.Customer): Customer & { profile: Profile } {
  if (from.customerId === '') throw badCustomer('the customer has no customer_id')
  if (from.email !== '' && !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(from.email)) {
    throw badCustomer('email is not one plain address such as ada@example.org')
  }
  if (from.phone !== '' && !/^\+[1-9]\d{6,14}$/.test(from.phone)) {
    throw badCustomer('phone is not an E.164 number such as +5511912345678')
  }
  return {
    customerId: from.customerId,
    profile: { name: from.name, email: from.email, phone: from.phone },
    language: languageOf(from.language),
    timeZone: readZone(from.timeZone),
    channels: unique(from.channels.filter(isReachChannel)),
    consents: unique(from.consents.filter(isReachChannel)),
    quietHours: readQuietHours(from.quietFrom, from.quietUntil),
  }
}

/** The address on a channel, or undefined when there is none. A push goes to the customer id: devices are the provider's. */
export function addressOf(customer: Customer, channel: ReachChannel): string | undefined {
  if (customer.profile === undefined) return undefined
  switch (channel) {
    case 'CHANNEL_EMAIL':
      return customer.profile.email || undefined
    case 'CHANNEL_SMS':
    case 'CHANNEL_VOICE':
      return customer.profile.phone || undefined
    case 'CHANNEL_PUSH':
      return customer.customerId
  }
}

function isReachChannel(channel: engagement.Channel): channel is ReachChannel {
  return (reachChannels as readonly string[]).includes(channel)
}

function readZone(zone: string): string {
  if (zone === '') return 'UTC'
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId
  } catch (cause) {
    const hint = 'send an IANA zone such as America/Sao_Paulo'
    throw new Terminal('BAD_TIME_ZONE', `time_zone ${JSON.stringify(zone)} is not a known IANA zone`, { cause, hint })
  }
}

function readQuietHours(from: string, until: string): QuietHours {
  if (from === '' && until === '') return defaultQuietHours
  const wallClock = /^([01]\d|2[0-3]):[0-5]\d$/
  if (wallClock.test(from) && wallClock.test(until)) return { from, until }
  throw new Terminal('BAD_QUIET_HOURS', `quiet hours ${from}-${until} are not two times of a 24-hour clock`, {
    hint: 'send both as HH:MM, or neither for the default; two equal times mean no quiet hours',
  })
}

function unique<T>(list: T[]): T[] {
  return [...new Set(list)]
}

function badCustomer(what: string): Terminal {
  return new Terminal('BAD_CUSTOMER', what, { hint: 'correct the customer record and send it again' })
}
