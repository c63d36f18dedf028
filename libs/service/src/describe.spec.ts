import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { defineService, describeEnv } from './index.ts'

test('describeEnv lists what a service reads, its own first', () => {
  const service = defineService({
    name: 'customer-engagement',
    config: z.object({
      SMTP_URL: z.string().describe('Where mail goes'),
      QUIET_FROM: z.string().default('21:00').describe('Quiet hours begin'),
    }),
    start: async () => {},
  })
  const keys = describeEnv(service)
  expect(keys.slice(0, 2)).toEqual([
    { key: 'SMTP_URL', description: 'Where mail goes', required: true },
    { key: 'QUIET_FROM', description: 'Quiet hours begin', required: false, default: '21:00' },
  ])
  expect(keys).toContainEqual(expect.objectContaining({ key: 'CUSTOMER_ENGAGEMENT_GRPC_PORT', default: '50054' }))
  expect(keys.filter(({ description }) => description === '')).toEqual([])
})
