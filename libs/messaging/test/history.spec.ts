import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { history } from '@pitcrew/messaging'
import { alertAbout, alertRaised, brokerWithClients, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let analyst: Client

beforeAll(async () => {
  all = await brokerWithClients()
  analyst = await all.client('data-analysis')
})

afterAll(() => all.stop())

const ids = (found: { message: { alertId: string } }[]) => found.map(({ message }) => message.alertId)

describe('what is stored of an event', () => {
  test('is read back in order, the last of it first to be kept', async () => {
    const messages = Array.from({ length: 30 }, (_, n) => ({
      key: `V${n % 3}`,
      message: alertAbout(`V${n % 3}`, `a${n}`),
    }))
    await analyst.publishMany(alertRaised, messages)
    expect(ids(await history(analyst, alertRaised))).toEqual(messages.map(({ message }) => message.alertId))
    expect(ids(await history(analyst, alertRaised, { key: 'V1', last: 3 }))).toEqual(['a22', 'a25', 'a28'])
    const matches = ({ message }: { message: { alertId: string } }) => message.alertId.endsWith('7')
    expect(ids(await history(analyst, alertRaised, { matches }))).toEqual(['a7', 'a17', 'a27'])
    expect(await history(analyst, alertRaised, { key: 'nobody' })).toEqual([])
  })

  test('is read from a time on', async () => {
    const [last] = await history(analyst, alertRaised, { last: 1 })
    const since = new Date(Date.parse(last!.time) + 60_000).toISOString()
    expect(await history(analyst, alertRaised, { since })).toEqual([])
  })

  test('is read in full when it is more than a reader can hold at once', async () => {
    const many = 20_000
    const messages = Array.from({ length: many }, (_, n) => ({ key: 'many', message: alertAbout('many', `m${n}`) }))
    await analyst.publishMany(alertRaised, messages)
    const found = await history(analyst, alertRaised, { key: 'many', last: many })
    expect(ids(found)).toEqual(messages.map(({ message }) => message.alertId))
  })
})
