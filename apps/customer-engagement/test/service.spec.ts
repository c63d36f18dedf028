import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { engagement } from '@pitcrew/contracts'
import { connectRpc } from '@pitcrew/rpc'
import { startService } from '@pitcrew/service'
import { testBroker, testDatabase, testTelemetry } from '@pitcrew/testing'
import { customerEngagementService } from '../src/index.ts'
import { customer } from './world.ts'

describe('N10 the customer-engagement service', () => {
  test('N10 starts from its environment alone, serves, reports ready, and stops', async () => {
    const [broker, database] = await Promise.all([testBroker(), testDatabase()])
    const home = await mkdtemp(join(tmpdir(), 'engagement-'))
    const telemetry = testTelemetry('customer-engagement')
    const env = {
      ...{ NATS_URL: broker.url, DATABASE_URL: database.url, ENGAGEMENT_MASTER_KEY_FILE: join(home, 'master.key') },
      ...{ CUSTOMER_ENGAGEMENT_GRPC_PORT: '0', CUSTOMER_ENGAGEMENT_OPS_PORT: '0' },
    }
    const service = await startService(customerEngagementService, { env, telemetry })
    const client = connectRpc(engagement.EngagementServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry })
    await client.upsertCustomer({ customer: customer('service') })
    expect(await client.listMessages({ caseId: 'none' })).toEqual({ messages: [] })
    expect((await fetch(`http://127.0.0.1:${service.ports.ops}/readyz`)).status).toBe(200)
    client.close()
    await service.stop()
    await Promise.all([broker.stop(), database.stop(), rm(home, { recursive: true })])
  }, 60_000)

  test.each([
    ['SMTP_URL', { SMTP_URL: 'http://127.0.0.1' }],
    ['MAIL_FROM', { MAIL_FROM: 'nobody' }],
    ['ENGAGEMENT_WEBHOOK_SECRET', { ENGAGEMENT_SMS_WEBHOOK: 'https://sms.example/send' }],
  ])('N10 does not start with a bad %s, and names it', async (key, env) => {
    const starting = startService(customerEngagementService, { env, telemetry: testTelemetry() })
    await expect(starting).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining(key) })
  })
})
