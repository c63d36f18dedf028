import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { planPorts, readPortChoice, wellKnownPorts } from './ports.ts'

let occupant: Server
let taken: number
beforeEach(async () => {
  occupant = createServer()
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
  taken = (occupant.address() as AddressInfo).port
})
afterEach(() => new Promise((resolve) => occupant.close(resolve)))

describe('N10 ports of an all-in-one', () => {
  test('are all different, and the documented ones by default', () => {
    const ports = wellKnownPorts({ simulator: true })
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
    expect(ports).toMatchObject({
      GATEWAY_HTTP_PORT: 8080,
      TELEMATICS_INGEST_HTTP_PORT: 8081,
      SIMULATOR_MAIL_PORT: 8025,
    })
    expect(wellKnownPorts({ simulator: false })).not.toHaveProperty('SIMULATOR_MAIL_PORT')
  })

  test('free ones are all different, so that another platform can run beside', async () => {
    const ports = await planPorts('free', { env: {}, simulator: true })
    expect(Object.keys(ports).sort()).toEqual(Object.keys(wellKnownPorts({ simulator: true })).sort())
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
    expect(Object.values(ports)).not.toContain(0)
  })

  test('a variable overrides the plan, and 0 asks for a free one', async () => {
    const env = { GATEWAY_HTTP_PORT: '0', NATS_PORT: '' }
    const ports = await planPorts('free', { env, simulator: false })
    expect(ports.GATEWAY_HTTP_PORT).toBeGreaterThan(1023)
    await expect(planPorts('free', { env: { NATS_PORT: 'many' }, simulator: false })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(/^NATS_PORT: found 'many'/),
    })
  })

  test('one that is taken is named, with the variable that changes it', async () => {
    const env = { GATEWAY_HTTP_PORT: String(taken) }
    await expect(planPorts('free', { env, simulator: false })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(`127.0.0.1:${taken}`),
      hint: expect.stringContaining('GATEWAY_HTTP_PORT'),
    })
  })

  test.each([
    [undefined, 'default'],
    ['free', 'free'],
    ['1000', 1000],
  ])('the choice "%s" is %s', (text, choice) => expect(readPortChoice(text)).toBe(choice))

  test.each(['-1', 'some', '1.5', '60000'])('the choice "%s" is refused', (text) => {
    expect(() => readPortChoice(text)).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }))
  })
})
