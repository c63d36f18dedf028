import { expect, test } from '@jest/globals'
import { requireVersion } from './server-version.ts'

test.each(['2.14.0', '2.15.1', '2.14.0-RC.1', '3.0.0'])('takes a server of version %s', (version) => {
  expect(() => requireVersion({ version, jetstream: true })).not.toThrow()
})

test.each(['2.13.9', '2.9.10', '1.99.0', 'unknown', ''])(
  'refuses a server of version %j and says which is needed',
  (version) => {
    const refusal = expect.objectContaining({
      kind: 'terminal',
      code: 'BROKER_TOO_OLD',
      message: expect.stringContaining('2.14'),
    })
    expect(() => requireVersion({ version, jetstream: true })).toThrow(refusal)
  },
)

test('refuses a server without JetStream', () => {
  expect(() => requireVersion({ version: '2.15.1' })).toThrow(expect.objectContaining({ code: 'NO_JETSTREAM' }))
})
