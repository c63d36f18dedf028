import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { booking } from '../domain/builders.ts'
import { httpDealer } from './dealer-http.ts'

let server: Server | undefined
afterEach(() => void server?.close())

interface Seen {
  method?: string
  url?: string
  key?: string | string[]
}

/** A dealer that answers everything with this. */
async function answering(status: number, body: string) {
  const seen: Seen[] = []
  const listening = createServer((request, response) => {
    seen.push({ method: request.method, url: request.url, key: request.headers['idempotency-key'] })
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return { seen, port, dealer: httpDealer({ url: `http://127.0.0.1:${port}`, timeoutMs: 1_000 }) }
}

const unavailable = { kind: 'retryable', code: 'DEALER_UNAVAILABLE' }

describe('the dealer over HTTP', () => {
  test('L8 outages, overload and answers that make no sense are tried again', async () => {
    for (const [status, body] of [
      [500, '{}'],
      [429, '{}'],
      [200, '<html>'],
      [200, '{"reference":""}'],
      [200, ''],
    ] as const) {
      const { dealer } = await answering(status, body)
      await expect(dealer.book(booking())).rejects.toMatchObject(unavailable)
      server?.close()
    }
    const { port } = await answering(200, '{}')
    server?.close()
    const gone = httpDealer({ url: `http://127.0.0.1:${port}`, timeoutMs: 1_000 })
    await expect(gone.book(booking())).rejects.toMatchObject(unavailable)
  })

  test('L8 a refusal is final and carries the reason', async () => {
    const { dealer } = await answering(409, '{"code":"BAY_CLOSED","message":"bay 1 is closed"}')
    const refusal = {
      kind: 'terminal',
      code: 'DEALER_REFUSED',
      message: expect.stringMatching(/BAY_CLOSED: bay 1 is closed/),
    }
    await expect(dealer.book(booking())).rejects.toMatchObject(refusal)
    await expect(dealer.cancel(booking())).rejects.toMatchObject(refusal)
  })

  test('N1 each write has a key of the booking, and a move one of its time', async () => {
    const { dealer, seen } = await answering(200, '{"reference":"RO-1"}')
    await dealer.book(booking())
    await dealer.move(booking(), booking().place)
    await dealer.cancel(booking())
    expect(seen).toEqual([
      { method: 'POST', url: '/appointments', key: 'b-1' },
      { method: 'PUT', url: '/appointments/b-1', key: 'b-1:0:riverside~20261123T090000Z' },
      { method: 'DELETE', url: '/appointments/b-1', key: 'b-1:cancel' },
    ])
  })

  test('L5 what the dealer does not know counts as cancelled; an unknown cursor means that it forgot', async () => {
    const unknown = await answering(404, '{"code":"NOT_FOUND","message":""}')
    await expect(unknown.dealer.cancel(booking())).resolves.toBeUndefined()
    server?.close()
    const forgetful = await answering(410, '{"code":"GONE","message":""}')
    await expect(forgetful.dealer.visitReports('x.1')).resolves.toBe('lost')
    expect(forgetful.seen[0]!.url).toBe('/work-orders?after=x.1')
  })
})
