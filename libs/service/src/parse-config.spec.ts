import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { parseConfig } from './parse-config.ts'

const schema = z.object({
  POLL_MS: z.coerce.number().int().min(100).default(5_000),
  MODE: z.enum(['fast', 'careful']),
  API_TOKEN: z.string().min(8).optional(),
})

const faultsOf = (env: Record<string, string | undefined>) => {
  try {
    parseConfig(schema, env)
  } catch (error) {
    return error as { code: string; message: string; hint: string }
  }
  throw new Error('nothing was wrong')
}

describe('configuration', () => {
  test('is typed, with defaults for what is absent or empty', () => {
    expect(parseConfig(schema, { MODE: 'fast', POLL_MS: '', OTHER: 'x' })).toEqual({ MODE: 'fast', POLL_MS: 5_000 })
    expect(parseConfig(schema, { MODE: 'careful', POLL_MS: '250' })).toEqual({ MODE: 'careful', POLL_MS: 250 })
  })

  test('that is wrong names every key, what was found and what was expected', () => {
    const error = faultsOf({ MODE: 'quick', POLL_MS: '5' })
    expect(error).toMatchObject({ kind: 'terminal', code: 'BAD_CONFIG', hint: expect.any(String) })
    expect(error.message).toBe(
      "POLL_MS: found '5', expected at least 100; MODE: found 'quick', expected one of fast, careful",
    )
    expect(faultsOf({ MODE: 'fast', POLL_MS: 'soon' }).message).toBe("POLL_MS: found 'soon', expected a number")
    expect(faultsOf({}).message).toBe('MODE: found nothing, expected one of fast, careful')
  })

  test('never shows a secret', () => {
    expect(faultsOf({ MODE: 'fast', API_TOKEN: 'hunter2' }).message).not.toContain('hunter2')
    expect(faultsOf({ MODE: 'postgres://me:hunter2@host/db' }).message).not.toContain('hunter2')
  })
})
