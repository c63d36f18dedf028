import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { askText } from './http.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function listening(answer: RequestListener): Promise<string> {
  const made = createServer(answer)
  server = made
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
}

test('a gateway that closes the connection on a body is not said to be away', async () => {
  const url = await listening((request) => void request.socket.destroy())
  await expect(askText(url, { method: 'POST', body: { artefact: 'x'.repeat(100_000) } })).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    hint: expect.stringContaining('GATEWAY_MAX_BODY_BYTES'),
  })
})

test('where nobody listens, the platform is away', async () => {
  const url = await listening(() => {})
  await new Promise((closed) => server!.close(closed))
  await expect(askText(url, { method: 'POST', body: {} })).rejects.toMatchObject({ code: 'PLATFORM_UNREACHABLE' })
})
