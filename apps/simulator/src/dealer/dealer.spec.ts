import { describe, expect, test } from '@jest/globals'
import { dealerApi, type DealerApiOptions } from './index.ts'

const wish = {
  bookingId: 'b-1',
  vehicleId: 'V1',
  centreId: 'riverside',
  bay: '1',
  technicianId: 'ana',
  startsAt: '2026-11-23T09:00:00Z',
  endsAt: '2026-11-23T10:30:00Z',
  job: { urgency: 'URGENCY_HIGH', skill: 'engine', labourHours: 1.5, parts: ['water pump'] },
}

function dealer(options: DealerApiOptions = {}) {
  let now = Date.parse('2026-11-20T09:00:00Z')
  const api = dealerApi({ serviceDelayMs: 1_000, now: () => now, ...options })
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, key?: string) => {
    const response = await api.app.inject({
      method,
      url,
      payload,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    })
    return { status: response.statusCode, body: response.json() }
  }
  return { ...api, call, advance: (ms: number) => void (now += ms) }
}

describe('dealer API', () => {
  test('L12 an appointment comes and goes by the clock, with a work order at the end', async () => {
    const { call, advance } = dealer()
    const { body } = await call('POST', '/appointments', wish, 'b-1')
    expect(body).toMatchObject({ reference: 'RO-1001', status: 'booked' })
    const before = (await call('GET', '/work-orders?after=')).body
    expect(before.reports).toEqual([])
    advance(1_000)
    const started = (await call('GET', `/work-orders?after=${before.cursor}`)).body
    expect(started.reports).toMatchObject([
      { bookingId: 'b-1', reference: 'RO-1001', kind: 'started', at: '2026-11-20T09:00:01.000Z' },
    ])
    advance(5_000)
    const { reports } = (await call('GET', `/work-orders?after=${started.cursor}`)).body
    expect(reports).toMatchObject([{ kind: 'completed', at: '2026-11-20T09:00:02.000Z' }])
    expect(reports[0].workOrder).toMatchObject({
      componentReplaced: 'water pump',
      partsUsed: ['water pump'],
      labourHours: 1.5,
      repaired: true,
    })
  })

  test('L12 the mechanic finds what is truly wrong and says so to whoever asked', async () => {
    const repaired: string[] = []
    const fault = {
      failureMode: 'thermostat stuck open',
      component: 'thermostat',
      parts: ['thermostat', 'gasket'],
      odometerKm: 81_000,
    }
    const { call, advance } = dealer({ faultOf: () => fault, onCompleted: (vehicleId) => repaired.push(vehicleId) })
    await call('POST', '/appointments', wish, 'b-1')
    advance(2_000)
    const { reports } = (await call('GET', '/work-orders')).body
    expect(reports[1].workOrder).toMatchObject({
      failureModeFound: 'thermostat stuck open',
      partsUsed: fault.parts,
      odometerKm: 81_000,
    })
    await call('GET', '/work-orders')
    expect(repaired).toEqual(['V1'])
  })

  test('L12 real times can be divided by a scale', async () => {
    const { call, advance } = dealer({ timeScale: 3_600 })
    await call('POST', '/appointments', wish, 'b-1')
    advance(72_000 - 1)
    expect((await call('GET', '/work-orders')).body.reports).toHaveLength(0)
    advance(1)
    expect((await call('GET', '/work-orders')).body.reports).toHaveLength(1)
    advance(1_500)
    expect((await call('GET', '/work-orders')).body.reports).toHaveLength(2)
  })

  test('N1 the same key gives the same appointment, with another body it is refused', async () => {
    const { call, appointments } = dealer()
    expect(await call('POST', '/appointments', wish, 'b-1')).toMatchObject({ status: 201 })
    expect(await call('POST', '/appointments', wish, 'b-1')).toMatchObject({
      status: 200,
      body: { reference: 'RO-1001' },
    })
    expect(await call('POST', '/appointments', { ...wish, bay: '2' }, 'b-1')).toMatchObject({
      status: 400,
      body: { code: 'KEY_REUSED' },
    })
    expect(appointments()).toHaveLength(1)
  })

  test('L12 appointments move and go until the vehicle is there', async () => {
    const { call, advance } = dealer()
    await call('POST', '/appointments', wish, 'b-1')
    const later = {
      centreId: 'riverside',
      bay: '2',
      technicianId: 'ana',
      startsAt: '2026-11-24T09:00:00Z',
      endsAt: '2026-11-24T10:30:00Z',
    }
    expect(await call('PUT', '/appointments/b-1', later)).toMatchObject({
      status: 200,
      body: { startsAt: later.startsAt },
    })
    expect(await call('DELETE', '/appointments/RO-1001')).toMatchObject({ status: 200, body: { status: 'cancelled' } })
    expect(await call('DELETE', '/appointments/b-1')).toMatchObject({ status: 200 })
    expect(await call('PUT', '/appointments/b-1', later)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    advance(9_000)
    expect((await call('GET', '/work-orders')).body.reports).toEqual([])
    await call('POST', '/appointments', { ...wish, bookingId: 'b-2' }, 'b-2')
    advance(1_000)
    expect(await call('DELETE', '/appointments/b-2')).toMatchObject({ status: 409 })
    expect(await call('DELETE', '/appointments/b-9')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  test('L12 bad input gets a code and says what was expected', async () => {
    const { call, appointments } = dealer()
    expect(await call('POST', '/appointments', wish)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/idempotency-key/) },
    })
    const bad = [
      {},
      { ...wish, startsAt: 'soon' },
      { ...wish, endsAt: wish.startsAt },
      { ...wish, job: { ...wish.job, labourHours: 0 } },
    ]
    for (const body of bad)
      expect(await call('POST', '/appointments', body, 'k')).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST' },
      })
    expect(appointments()).toHaveLength(0)
    expect(await call('GET', '/work-orders?after=another-life.3')).toMatchObject({
      status: 410,
      body: { code: 'GONE' },
    })
  })

  test('L13 fails as often as it is told to, and then works', async () => {
    const { call, faults, appointments } = dealer()
    faults.failNext(2)
    expect(await call('POST', '/appointments', wish, 'b-1')).toMatchObject({ status: 503 })
    expect(await call('POST', '/appointments', wish, 'b-1')).toMatchObject({ status: 503 })
    expect(appointments()).toHaveLength(0)
    expect(await call('POST', '/appointments', wish, 'b-1')).toMatchObject({ status: 201 })
  })

  test('L13 carries out a request whose answer is lost on the way', async () => {
    const api = dealerApi()
    const { port, stop } = await api.start({ port: 0 })
    api.faults.loseAnswers(1)
    const send = () =>
      fetch(`http://127.0.0.1:${port}/appointments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'b-1' },
        body: JSON.stringify(wish),
      })
    await expect(send()).rejects.toThrow()
    expect(api.appointments()).toHaveLength(1)
    expect((await send()).status).toBe(200)
    await stop()
  })
})
