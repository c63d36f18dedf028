import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { booking, customer, mailsTo, openWorld, press, proposal, slot, tokenIn, type World } from './world.ts'

let world: World
const task = {}

beforeAll(async () => {
  world = await openWorld()
}, 60_000)

afterAll(() => world.stop())

/** A customer who has just got a proposal; the mail. */
async function proposed(id: string, over: Parameters<typeof proposal>[1] = {}) {
  await world.service.upsertCustomer({ customer: customer(id) })
  await world.service.proposeAppointment(proposal(id, over), task)
  return mailsTo(world.sink, id).at(-1)!
}

const repliesOf = (id: string) => world.heard.replies.filter(({ caseId }) => caseId === `case-${id}`)

describe('L4 replies by link', () => {
  test('L4 looking at a link does nothing, pressing it acts once', async () => {
    const mail = await proposed('accepting')
    const token = tokenIn(mail, 'accept')
    const before = await world.service.getLink({ token })
    expect(before).toMatchObject({
      action: 'accept',
      caseId: 'case-accepting',
      button: 'Yes, book it',
      alreadyUsed: false,
    })
    expect(before.text).toContain('Tuesday 24 November at 10:00, Oficina Sul')

    expect((await press(world.service, token)).title).toBe('Thank you')
    expect((await press(world.service, token)).title).toBe('Already recorded')
    expect((await press(world.service, tokenIn(mail, 'decline'))).text).toContain('already accepted')
    expect((await world.service.getLink({ token })).alreadyUsed).toBe(true)
    await eventually(() => expect(repliesOf('accepting')).toHaveLength(1))
    expect(repliesOf('accepting')[0]).toMatchObject({ kind: 'REPLY_KIND_ACCEPT', vehicleId: 'car-accepting' })
  })

  test('N1 of accept and decline pressed at the same moment exactly one counts', async () => {
    for (const id of ['race-a', 'race-b', 'race-c']) {
      const mail = await proposed(id)
      const tokens = ['accept', 'decline', 'accept', 'decline'].map((action) => tokenIn(mail, action))
      const pages = await Promise.all(tokens.map((token) => press(world.service, token)))
      expect(pages.filter(({ title }) => title !== 'Already recorded')).toHaveLength(1)
      await eventually(() => expect(repliesOf(id)).toHaveLength(1))
    }
  })

  test('L4 another time carries what suits, and makes way for a new offer', async () => {
    const first = await proposed('later')
    const preference = {
      ...{ notBefore: '2026-11-25T00:00:00.000Z', notAfter: undefined },
      ...{ dayParts: ['afternoon'], weekdays: [3], centreId: '', refusedSlotIds: [] },
    }
    const open = [...first.html.matchAll(/data-action="other-time" href="[^"]*\/r\/([^"]+)"/g)].at(-1)![1]!
    await press(world.service, open, { preference })
    await eventually(() => expect(repliesOf('later')).toHaveLength(1))
    expect(repliesOf('later')[0]).toMatchObject({
      kind: 'REPLY_KIND_OTHER_TIME',
      preference: { ...preference, refusedSlotIds: ['slot-later'] },
    })

    const next = {
      round: 2,
      booking: booking('later', { bookingId: 'booking-2', slot: slot('slot-2', '2026-11-25T14:00:00.000Z') }),
    }
    const second = await proposed('later', next)
    expect(second.subject).not.toContain('Reminder')
    expect((await press(world.service, tokenIn(second, 'accept'))).title).toBe('Thank you')
    await eventually(() =>
      expect(repliesOf('later').map(({ kind }) => kind)).toEqual(['REPLY_KIND_OTHER_TIME', 'REPLY_KIND_ACCEPT']),
    )
  })

  test('L4 the link of an alternative asks for just that slot', async () => {
    const mail = await proposed('alternative')
    const token = tokenIn(mail, 'other-time')
    expect((await world.service.getLink({ token })).text).toContain('Wednesday 25 November at 15:00')
    await press(world.service, token)
    await eventually(() => expect(repliesOf('alternative')).toHaveLength(1))
    expect(repliesOf('alternative')[0]!.preference).toMatchObject({
      ...{ notBefore: '2026-11-25T15:00:00.000Z', notAfter: '2026-11-25T16:00:00.000Z', centreId: 'centre-1' },
    })
  })

  test('L4 an offer that a newer one replaced is not accepted any more', async () => {
    const first = await proposed('replaced')
    await proposed('replaced', { round: 2, booking: booking('replaced', { bookingId: 'booking-new' }) })
    expect((await press(world.service, tokenIn(first, 'accept'))).title).toBe('There is a newer proposal')
    expect(repliesOf('replaced')).toHaveLength(0)
  })

  test('N7 a link that was changed is BAD_LINK, one whose slot has begun is GONE', async () => {
    const mail = await proposed('gone', {
      booking: booking('gone', { slot: slot('soon', '2026-11-20T12:10:00.000Z') }),
    })
    const token = tokenIn(mail, 'accept')
    const other = tokenIn(mail, 'decline').split('.')[1]!
    await expect(world.service.getLink({ token: `${token.split('.')[0]}.${other}` })).rejects.toMatchObject({
      code: 'BAD_LINK',
    })
    await world.clock.advance(600_000)
    await expect(press(world.service, token)).rejects.toMatchObject({ kind: 'terminal', code: 'GONE' })
    await expect(world.service.getLink({ token: tokenIn(mail, 'opt-out') })).resolves.toMatchObject({
      action: 'opt-out',
    })
  })
})

describe('N7 opting out', () => {
  test('N7 by one click is recorded once, outlasts the record, and sends the next message to a person', async () => {
    const mail = await proposed('out')
    const token = /\/r\/([^>]+)>/.exec(mail.headers['list-unsubscribe']!)![1]!
    expect((await press(world.service, token)).title).toBe('Done')
    expect((await press(world.service, token)).title).toBe('Already recorded')
    await eventually(() => expect(repliesOf('out').map(({ kind }) => kind)).toEqual(['REPLY_KIND_OPT_OUT']))

    await proposed('out', { round: 2 })
    const { messages } = await world.service.listMessages({ caseId: 'case-out' })
    expect(messages[1]).toMatchObject({
      channel: 'CHANNEL_OPERATOR',
      status: 'MESSAGE_STATUS_SUPPRESSED',
      reason: 'NO_CONSENT',
    })
    expect(mailsTo(world.sink, 'out')).toHaveLength(1)
  })

  test('N7 STOP as the comment of a form opts out instead of acting', async () => {
    const mail = await proposed('stop')
    expect((await press(world.service, tokenIn(mail, 'decline'), { comment: ' Stop ' })).title).toBe('Done')
    await eventually(() => expect(repliesOf('stop').map(({ kind }) => kind)).toEqual(['REPLY_KIND_OPT_OUT']))
  })
})

describe('L6 feedback', () => {
  test('L6 is asked once, taken once, and passed on without what names the customer', async () => {
    await world.service.upsertCustomer({ customer: customer('fed') })
    const request = { caseId: 'case-fed', vehicleId: 'car-fed' }
    await Promise.all([world.service.askFeedback(request, task), world.service.askFeedback(request, task)])
    const [mail, ...more] = mailsTo(world.sink, 'fed')
    expect(more).toHaveLength(0)
    const token = tokenIn(mail, 'feedback')
    for (const rating of [0, 6, 4.5]) {
      await expect(press(world.service, token, { rating })).rejects.toMatchObject({
        kind: 'terminal',
        code: 'BAD_RATING',
      })
    }
    const given = { rating: 4, problemSolved: true, comment: 'Good. Zuleika, +55 11 91234-5678' }
    expect((await press(world.service, token, given)).title).toBe('Thank you')
    expect((await press(world.service, token, { rating: 1 })).title).toBe('Already recorded')
    const ofCase = () => world.heard.feedback.filter(({ caseId }) => caseId === 'case-fed')
    await eventually(() => expect(ofCase()).toHaveLength(1))
    expect(ofCase()[0]).toMatchObject({
      rating: 4,
      problemSolved: true,
      comment: 'Good. [name], [number]',
      vehicleId: 'car-fed',
    })
  })

  test('L6 is not worth a call to a customer who may not be written to', async () => {
    const { message } = await world.service.askFeedback({ caseId: 'case-x', vehicleId: 'car-x' }, task)
    expect(message).toMatchObject({
      channel: 'CHANNEL_UNSPECIFIED',
      status: 'MESSAGE_STATUS_SUPPRESSED',
      reason: 'NO_CUSTOMER',
    })
  })
})
