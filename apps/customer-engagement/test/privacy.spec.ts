import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { seal, unseal } from '../src/adapters/seal.ts'
import { customer, dump, mailsTo, openWorld, press, proposal, tokenIn, type World } from './world.ts'

let world: World
const task = {}

beforeAll(async () => {
  world = await openWorld()
}, 60_000)

afterAll(() => world.stop())

const personal = /zuleika|customers\.example|11912345678|the clutch smells/i

describe('N7 personal data', () => {
  test('N7 stands in mails only: not in the database, events, logs or spans', async () => {
    const { service } = world
    await service.upsertCustomer({ customer: customer('private') })
    await service.proposeAppointment(proposal('private'), task)
    await press(service, tokenIn(mailsTo(world.sink, 'private')[0], 'accept'))
    await service.askFeedback({ caseId: 'case-private', vehicleId: 'car-private' }, task)
    const comment = 'Zuleika here: the clutch smells, write to private@customers.example'
    await press(service, tokenIn(mailsTo(world.sink, 'private').at(-1), 'feedback'), { rating: 3, comment })
    await service.upsertCustomer({ customer: customer('private-bounce', { email: 'busy.3@customers.example' }) })
    await expect(service.proposeAppointment(proposal('private-bounce'), task)).rejects.toMatchObject({
      kind: 'retryable',
    })
    await eventually(() => expect(world.heard.feedback).toHaveLength(1))

    expect(mailsTo(world.sink, 'private')[0]!.text).toMatch(personal)
    expect(await dump(world.database)).not.toMatch(personal)
    expect(JSON.stringify([world.heard.sent, world.heard.replies])).not.toMatch(personal)
    expect(world.heard.feedback[0]!.comment).not.toMatch(/zuleika|customers\.example/i)
    const spans = world.telemetry.spans.map(({ name, attributes, events, status }) => ({
      name,
      attributes,
      events,
      status,
    }))
    expect(spans.map(({ name }) => name)).toContain('send CHANNEL_EMAIL')
    expect(JSON.stringify([spans, world.telemetry.lines])).not.toMatch(personal)
  })

  test('N7 is gone with the key of the person, and a new record starts afresh', async () => {
    const { service } = world
    await service.upsertCustomer({ customer: customer('erased') })
    await service.proposeAppointment(proposal('erased'), task)
    const token = tokenIn(mailsTo(world.sink, 'erased')[0], 'accept')
    expect(await service.customers.erase('erased')).toBe(true)
    expect(await service.customers.erase('erased')).toBe(false)

    expect((await service.customers.find('erased'))?.profile).toBeUndefined()
    await expect(service.getLink({ token })).rejects.toMatchObject({ code: 'GONE' })
    const { message } = await service.proposeAppointment(proposal('erased', { round: 2 }), task)
    expect(message).toMatchObject({ channel: 'CHANNEL_OPERATOR', reason: 'ERASED' })

    await service.upsertCustomer({ customer: customer('erased', { name: 'Somebody else' }) })
    expect((await service.customers.find('erased'))?.profile?.name).toBe('Somebody else')
    await expect(service.getLink({ token })).rejects.toMatchObject({ code: 'GONE' })
  })

  test('N7 sealed for one row does not open in another, nor when a bit is changed', () => {
    const key = randomBytes(32)
    const sealed = seal(key, 'profile of a', Buffer.from('secret'))
    expect(Buffer.from(unseal(key, 'profile of a', sealed)).toString()).toBe('secret')
    expect(() => unseal(key, 'profile of b', sealed)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }))
    expect(() => unseal(randomBytes(32), 'profile of a', sealed)).toThrow(
      expect.objectContaining({ code: 'SEAL_BROKEN' }),
    )
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte))
      expect(() => unseal(key, 'profile of a', changed)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }))
    }
  })
})

describe('N7 the master key', () => {
  test('N7 is made once, readable by its owner only, and survives a restart', async () => {
    const file = world.config.ENGAGEMENT_MASTER_KEY_FILE
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await world.service.upsertCustomer({ customer: customer('restart') })
    const again = await world.open()
    expect((await again.customers.find('restart'))?.profile?.name).toBe('Zuleika restart')
    await again.stop()
  })

  test('N7 of another database, lost or broken stops the start with what to do', async () => {
    const home = await mkdtemp(join(tmpdir(), 'keys-'))
    const file = join(home, 'key')
    const start = () => world.open({ ENGAGEMENT_MASTER_KEY_FILE: file })
    await expect(start()).rejects.toMatchObject({
      kind: 'terminal',
      code: 'MASTER_KEY_MISSING',
      hint: expect.stringContaining('restore'),
    })
    await writeFile(file, 'c2hvcnQ=\n')
    await expect(start()).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_MASTER_KEY' })
    await writeFile(file, randomBytes(32).toString('base64'))
    await expect(start()).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_MASTER_KEY' })
    await rm(home, { recursive: true })
  })
})
