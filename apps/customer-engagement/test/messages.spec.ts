import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { booking, customer, friday, mailsTo, openWorld, press, proposal, tokenIn, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
}, 60_000)

afterAll(() => world.stop())

const task = {}

async function known(id: string, over: Parameters<typeof customer>[1] = {}): Promise<void> {
  await world.service.upsertCustomer({ customer: customer(id, over) })
}

describe('L4 proposing an appointment', () => {
  test('L4 sends one e-mail with links, one-click unsubscribe and both forms of text', async () => {
    await known('plain')
    const { message } = await world.service.proposeAppointment(proposal('plain'), task)
    expect(message).toMatchObject({
      channel: 'CHANNEL_EMAIL',
      status: 'MESSAGE_STATUS_SENT',
      kind: 'MESSAGE_KIND_PROPOSAL',
    })

    const [mail, ...more] = mailsTo(world.sink, 'plain')
    expect(more).toHaveLength(0)
    expect(mail!.text).toContain('Hello Zuleika plain,')
    expect(mail!.html).toContain('data-action="decline"')
    expect(mail!.messageId).toBe(`<${message!.messageId}@pitcrew.example>`)
    expect(mail!.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    expect(mail!.headers['list-unsubscribe']).toMatch(/^<http:\/\/127\.0\.0\.1:8080\/r\/[\w-]+\.[\w-]+>$/)
    await eventually(() => expect(world.heard.sent).toContainEqual({ message }))
  })

  test('N1 delivered twice, after another or at once, sends one e-mail', async () => {
    await known('twice')
    const request = proposal('twice')
    const answers = await Promise.all([1, 2, 3].map(() => world.service.proposeAppointment(request, task)))
    answers.push(await world.service.proposeAppointment(request, task))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(mailsTo(world.sink, 'twice')).toHaveLength(1)
  })

  test('N1 a crash while sending is followed by another try under the same Message-ID', async () => {
    await known('crash')
    const { message } = await world.service.proposeAppointment(proposal('crash'), task)
    // As a process leaves it that died after the mail server took the mail over and before it could say so.
    await world.database.query(
      `update engagement.message set status = 'due', claimed_until = $2 where message_id = $1`,
      [message!.messageId, new Date(world.clock.now() + 20_000).toISOString()],
    )
    const again = world.service.proposeAppointment(proposal('crash'), task)
    await world.clock.advance(20_000)
    expect((await again).message).toMatchObject({ messageId: message!.messageId, status: 'MESSAGE_STATUS_SENT' })
    expect(new Set(mailsTo(world.sink, 'crash').map(({ messageId }) => messageId)).size).toBe(1)
  })

  test('L4 for a vehicle that nobody is known for goes to a person', async () => {
    const { message } = await world.service.proposeAppointment(proposal('nobody'), task)
    expect(message).toMatchObject({
      channel: 'CHANNEL_OPERATOR',
      status: 'MESSAGE_STATUS_SUPPRESSED',
      reason: 'NO_CUSTOMER',
    })
    expect(await world.service.listMessages({ caseId: 'case-nobody' })).toEqual({ messages: [message] })
  })

  test('L4 reminds after silence on the same offer, then hands over to a person', async () => {
    await known('silence')
    const kinds = []
    for (const round of [1, 2, 3]) {
      const { message } = await world.service.proposeAppointment(proposal('silence', { round }), task)
      kinds.push([message!.kind, message!.channel, message!.reason])
    }
    expect(kinds).toEqual([
      ['MESSAGE_KIND_PROPOSAL', 'CHANNEL_EMAIL', ''],
      ['MESSAGE_KIND_REMINDER', 'CHANNEL_EMAIL', ''],
      ['MESSAGE_KIND_REMINDER', 'CHANNEL_OPERATOR', 'NO_REPLY'],
    ])
    const [first, second] = mailsTo(world.sink, 'silence')
    expect(second!.subject).toBe(`Reminder: ${first!.subject}`)
    expect(second!.references).toBe(first!.references)
    await press(world.service, tokenIn(first, 'accept'))
    expect((await press(world.service, tokenIn(second, 'decline'))).title).toBe('Already recorded')
  })

  test('L4 without a slot is refused, nothing is recorded', async () => {
    const request = proposal('incomplete', { booking: undefined })
    await expect(world.service.proposeAppointment(request, task)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_REQUEST',
    })
    expect(await world.service.listMessages({ caseId: 'case-incomplete' })).toEqual({ messages: [] })
  })
})

describe('L4 L5 confirming an appointment', () => {
  test('L5 attaches the iCalendar as an invitation, again only when the time changed', async () => {
    await known('confirmed')
    const icalendar = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'UID:1',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n')
    const confirm = (sequence: number) =>
      world.service.confirmAppointment(
        {
          caseId: 'case-confirmed',
          vehicleId: 'car-confirmed',
          booking: booking('confirmed', { sequence, dealerReference: 'D-77' }),
          icalendar,
        },
        task,
      )
    await Promise.all([confirm(0), confirm(0)])
    await confirm(0)
    const [mail, ...more] = mailsTo(world.sink, 'confirmed')
    expect(more).toHaveLength(0)
    const calendar = mail!.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    expect(calendar?.method).toBe('REQUEST')
    expect(calendar?.content.split(/\r?\n/)).toEqual(icalendar.split('\r\n'))
    expect(mail!.text).toContain('The workshop knows it as D-77.')

    await confirm(1)
    expect(mailsTo(world.sink, 'confirmed')).toHaveLength(2)
  })
})

describe('N7 quiet hours', () => {
  test('N7 hold a proposal back until the morning of the recipient, and a confirmation not', async () => {
    await world.clock.advance(friday + 9.5 * 3_600_000 - world.clock.now())
    await known('night')
    const morning = new Date(friday + 20 * 3_600_000).toISOString()
    const { message } = await world.service.proposeAppointment(proposal('night'), task)
    expect(message).toMatchObject({ status: 'MESSAGE_STATUS_DEFERRED', reason: 'QUIET_HOURS', at: morning })
    expect(await world.service.proposeAppointment(proposal('night'), task)).toEqual({ message })

    await known('night-confirmed')
    const about = { caseId: 'case-night-confirmed', vehicleId: 'car-night-confirmed', icalendar: '' }
    const confirmed = await world.service.confirmAppointment({ ...about, booking: booking('night-confirmed') }, task)
    expect(confirmed.message!.status).toBe('MESSAGE_STATUS_SENT')

    await known('night-critical')
    const critical = await world.service.proposeAppointment(
      proposal('night-critical', { urgency: 'URGENCY_CRITICAL' }),
      task,
    )
    expect(critical.message!.status).toBe('MESSAGE_STATUS_SENT')
    expect(mailsTo(world.sink, 'night')).toHaveLength(0)

    await known('night-erased')
    await world.service.proposeAppointment(proposal('night-erased'), task)
    await known('night-revoked')
    await world.service.proposeAppointment(proposal('night-revoked'), task)
    await world.service.customers.erase('night-erased')
    await known('night-revoked', { consents: [] })

    await world.clock.advance(Date.parse(morning) - world.clock.now())
    await eventually(() => expect(mailsTo(world.sink, 'night')).toHaveLength(1))
    const reasons = () =>
      Promise.all(
        ['erased', 'revoked'].map(
          async (id) => (await world.service.listMessages({ caseId: `case-night-${id}` })).messages[0]!.reason,
        ),
      )
    await eventually(async () => expect(await reasons()).toEqual(['ERASED', 'NO_CONSENT']))
    expect([...mailsTo(world.sink, 'night-erased'), ...mailsTo(world.sink, 'night-revoked')]).toHaveLength(0)
    await eventually(() =>
      expect(world.heard.sent.filter((e) => e.message?.messageId === message!.messageId)).toHaveLength(2),
    )
  })
})
