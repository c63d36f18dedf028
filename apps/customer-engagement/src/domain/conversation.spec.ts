import { describe, expect, test } from '@jest/globals'
import { openRound, type Round } from './conversation.ts'
import { answerOffer } from './reply.ts'

const round = (messageId: string, offerId: string, bookingId: string, reply?: Round['reply']): Round => ({
  ...{ messageId, offerId, bookingId },
  urgency: 'URGENCY_HIGH',
  reply,
})
const next = (messageId: string, bookingId: string, urgency: Round['urgency'] = 'URGENCY_HIGH') => ({
  ...{ messageId, bookingId, urgency },
})

describe('L4 rounds of a case', () => {
  test('L4 the first is a proposal', () => {
    expect(openRound([], next('m1', 'b1'))).toEqual({ kind: 'MESSAGE_KIND_PROPOSAL', offerId: 'm1', silentRounds: 0 })
  })

  test('L4 after silence the same booking is reminded of, under the same offer', () => {
    const opened = openRound([round('m1', 'm1', 'b1'), round('m2', 'm1', 'b1')], next('m3', 'b1'))
    expect(opened).toEqual({ kind: 'MESSAGE_KIND_REMINDER', offerId: 'm1', silentRounds: 2 })
  })

  test('L4 a new booking after silence is another offer, and silence still counts', () => {
    const opened = openRound([round('m1', 'm1', 'b1')], next('m2', 'b2'))
    expect(opened).toEqual({ kind: 'MESSAGE_KIND_REMINDER', offerId: 'm2', silentRounds: 1 })
  })

  test('L4 after an answer a proposal begins anew from the first channel', () => {
    const earlier = [round('m1', 'm1', 'b1'), round('m2', 'm2', 'b2', 'REPLY_KIND_OTHER_TIME')]
    expect(openRound(earlier, next('m3', 'b3'))).toEqual({
      kind: 'MESSAGE_KIND_PROPOSAL',
      offerId: 'm3',
      silentRounds: 0,
    })
    const thenSilence = [...earlier, round('m3', 'm3', 'b3')]
    expect(openRound(thenSilence, next('m4', 'b3'))).toMatchObject({
      kind: 'MESSAGE_KIND_REMINDER',
      offerId: 'm3',
      silentRounds: 1,
    })
  })
})

test('L3 a matter that became more urgent is proposed anew, over the first channel', () => {
  const opened = openRound([round('m1', 'm1', 'b1')], next('m2', 'b2', 'URGENCY_CRITICAL'))
  expect(opened).toEqual({ kind: 'MESSAGE_KIND_PROPOSAL', offerId: 'm2', silentRounds: 0 })
})

describe('L4 answers to an offer', () => {
  test('L4 the first counts, again is only repeated, another comes too late', () => {
    expect(answerOffer({ kind: 'open' }, 'REPLY_KIND_DECLINE')).toEqual({
      kind: 'recorded',
      reply: 'REPLY_KIND_DECLINE',
    })
    const declined = { kind: 'answered', reply: 'REPLY_KIND_DECLINE' } as const
    expect(answerOffer(declined, 'REPLY_KIND_DECLINE').kind).toBe('repeated')
    expect(answerOffer(declined, 'REPLY_KIND_ACCEPT')).toEqual({
      kind: 'answered-otherwise',
      reply: 'REPLY_KIND_DECLINE',
    })
  })

  test('L4 an offer that a newer one replaced takes none', () => {
    expect(answerOffer({ kind: 'superseded' }, 'REPLY_KIND_ACCEPT')).toEqual({ kind: 'superseded' })
  })
})
