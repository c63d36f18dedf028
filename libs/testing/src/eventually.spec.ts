import { describe, expect, test } from '@jest/globals'
import { eventually } from './eventually.ts'

describe('eventually', () => {
  test('gives the value of the first try that holds', async () => {
    let tries = 0
    await expect(eventually(() => (++tries < 3 ? Promise.reject(new Error('early')) : tries))).resolves.toBe(3)
  })

  test('takes false for not yet', async () => {
    let tries = 0
    await expect(eventually(() => ++tries === 3)).resolves.toBe(true)
  })

  test('fails with what the last try said', async () => {
    await expect(eventually(() => Promise.reject(new Error('still closed')), { timeoutMs: 20 })).rejects.toThrow(
      'still closed',
    )
    await expect(eventually(() => false, { timeoutMs: 20 })).rejects.toThrow('never came true')
  })
})
