import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import type { Logger } from '@pitcrew/observability'
import type { ReceivedMail } from '../mail/index.ts'
import { simulatedCustomers } from './simulated-customers.ts'

const silent = () => {}
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger }

test('L12 customers in another network open their links by the door that they have', async () => {
  const posted = Promise.withResolvers<string>()
  const server = createServer((request, response) => {
    if (request.method === 'POST') posted.resolve(request.url!)
    request.resume().on('end', () => response.writeHead(200).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let deliver: ((mail: ReceivedMail) => void) | undefined
  const onMail = (listener: (mail: ReceivedMail) => void) => {
    deliver = listener
    return () => {}
  }
  const customers = simulatedCustomers({ sink: { onMail }, logger, reactionMs: 0, door })
  const html = '<a href="http://unreachable.example/r/token?a=1" data-action="accept">Yes</a>'
  const mail = {
    id: 1,
    to: ['accepts.v1@customers.example'],
    html,
    messageId: '<1>',
    receivedAt: new Date(0).toISOString(),
  }
  deliver!(mail as unknown as ReceivedMail)
  expect(await posted.promise).toBe('/r/token?a=1')
  await customers.stop()
  await new Promise((resolve) => server.close(resolve))
})
