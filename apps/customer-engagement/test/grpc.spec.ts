import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { engagement } from '@pitcrew/contracts'
import { connectRpc, serveRpc, type RpcClient } from '@pitcrew/rpc'
import { engagementRpc } from '../src/grpc.ts'
import { customer, mailsTo, openWorld, proposal, tokenIn, type World } from './world.ts'

let world: World
let server: Awaited<ReturnType<typeof serveRpc>>
let client: RpcClient<typeof engagement.EngagementServiceService>

beforeAll(async () => {
  world = await openWorld()
  const { telemetry } = world
  server = await serveRpc({ host: '127.0.0.1', port: 0, telemetry, services: [engagementRpc(world.service)] })
  client = connectRpc(engagement.EngagementServiceClient, `127.0.0.1:${server.port}`, { telemetry })
}, 60_000)

afterAll(async () => {
  client.close()
  await server.stop()
  await world.stop()
})

describe('L4 the engagement service over gRPC', () => {
  test('L4 takes a customer, shows and follows a link, and lists what was sent', async () => {
    await client.upsertCustomer({ customer: customer('rpc') })
    await world.service.proposeAppointment(proposal('rpc'), {})
    const token = tokenIn(mailsTo(world.sink, 'rpc')[0], 'decline')
    expect(await client.getLink({ token })).toMatchObject({ action: 'decline', alreadyUsed: false, button: 'Decline' })
    const press = { token, preference: undefined, rating: 0, problemSolved: false, comment: '' }
    expect(await client.followLink(press)).toEqual({ title: 'Understood', text: expect.any(String) })
    const { messages } = await client.listMessages({ caseId: 'case-rpc' })
    expect(messages).toMatchObject([{ caseId: 'case-rpc', channel: 'CHANNEL_EMAIL', status: 'MESSAGE_STATUS_SENT' }])
    expect(JSON.stringify(messages)).not.toMatch(/zuleika|customers\.example/i)
  })

  test('N7 answers bad input with a code and what to do', async () => {
    await expect(client.getLink({ token: 'abc.def' })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_LINK',
      hint: expect.any(String),
    })
    await expect(client.upsertCustomer({ customer: undefined })).rejects.toMatchObject({ code: 'BAD_CUSTOMER' })
    const nowhere = customer('nowhere', { timeZone: 'Nowhere/Land' })
    await expect(client.upsertCustomer({ customer: nowhere })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_TIME_ZONE',
    })
  })
})
