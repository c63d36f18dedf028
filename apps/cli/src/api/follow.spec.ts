import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { followWorkflow } from './follow.ts'

const told = (number: number) =>
  `id: ${number}\nevent: transition\ndata: ${JSON.stringify({ workflow: { workflowId: 'w' }, transition: { number } })}\n\n`

let server: Server
let url: string
const asked: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!)
    const after = Number(new URL(request.url!, 'http://gateway').searchParams.get('after'))
    if (request.url!.includes('/none/')) {
      response.writeHead(404, { 'content-type': 'application/problem+json' })
      return response.end(
        JSON.stringify({ status: 404, code: 'NOT_FOUND', detail: 'there is none', hint: 'list them' }),
      )
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // Each connection tells one more and is then lost, the second in the middle of an event.
    response.write(told(after + 1), () => {
      if (after === 1) response.write(told(after + 2).slice(0, 20), () => response.destroy())
      else response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

test('F3 a connection that is lost is made again after the last transition that was told', async () => {
  const numbers: (number | undefined)[] = []
  for await (const { transition } of followWorkflow(url, 'w', 0)) {
    numbers.push(transition?.number)
    if (numbers.length === 3) break
  }
  expect(numbers).toEqual([1, 2, 3])
  expect(asked).toEqual([0, 1, 2].map((after) => `/v1/workflows/w/events?after=${after}`))
})

test('F3 what the platform refuses is told with its code and hint', async () => {
  await expect(followWorkflow(url, 'none', 0).next()).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'list them' })
})
