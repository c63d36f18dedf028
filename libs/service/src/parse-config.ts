import { Terminal } from '@pitcrew/errors'
import type { z } from 'zod'

export type Env = Record<string, string | undefined>

/** Reads settings from the environment. An empty variable counts as none: compose files cannot leave one out. */
export function parseConfig<S extends z.ZodObject>(schema: S, env: Env): z.infer<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => faultOf(issue, given))
  throw new Terminal('BAD_CONFIG', faults.join('; '), {
    hint: 'set these environment variables; --help lists all with what they mean',
    details: { keys: parsed.error.issues.map(({ path }) => String(path[0])) },
  })
}

function faultOf(issue: z.core.$ZodIssue, given: Env): string {
  const key = String(issue.path[0] ?? 'the environment')
  const value = given[key]
  const found = value === undefined ? 'nothing' : isSecret(key, value) ? 'a value (not shown)' : `'${value}'`
  return `${key}: found ${found}, expected ${expectedOf(issue)}`
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a ${issue.expected}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'invalid_format':
      return `a ${issue.format}`
    default:
      return issue.message
  }
}

function isSecret(key: string, value: string): boolean {
  return /SEED|SECRET|PASSWORD|TOKEN|_KEY$/.test(key) || /\/\/[^/]*:[^/]*@/.test(value)
}
