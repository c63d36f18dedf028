/** One route of the API as data: what it is for, who may call it, and what it asks of which service. */
import { Terminal } from '@pitcrew/errors'
import type { z } from 'zod'
import type { Caller, Role } from '../domain/roles.ts'

export interface Asked {
  params: Record<string, string>
  query: Record<string, string | undefined>
  body: Record<string, unknown>
  /** Idempotency-Key header; '' without one. */
  key: string
  caller: Caller
  /** Aborts when the caller has gone. */
  signal: AbortSignal
}

export interface Route {
  method: 'GET' | 'POST'
  /** OpenAPI form, `/v1/cases/{id}`. */
  path: string
  tag: string
  summary: string
  role: Role
  /** Query parameters and what they mean. */
  query?: Record<string, string> | undefined
  /** Message that the body is the JSON form of, or its schema. */
  body?: string | z.ZodType | undefined
  /** Of the body, where it may be larger than others. */
  maxBodyBytes?: number | undefined
  /** Message that the answer is the JSON form of. */
  answer?: string | undefined
  /** Gives what is sent as JSON with status 200, or an Answer. */
  handle: (asked: Asked) => Promise<unknown>
}

/** What is sent where that is not JSON with status 200. */
export class Answer {
  readonly body: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(
    body: unknown,
    { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
  ) {
    this.body = body
    this.status = status
    this.headers = headers
  }
}

export const get = (
  tag: string,
  path: string,
  summary: string,
  handle: Route['handle'],
  query?: Route['query'],
): Route => ({ method: 'GET', path, tag, summary, role: 'viewer', handle, query })

export const post = (
  tag: string,
  path: string,
  role: Role,
  summary: string,
  body: string,
  handle: Route['handle'],
): Route => ({ method: 'POST', path, tag, summary, role, body, handle })

/** A POST whose body is held against a schema before anything is asked of a service. */
export function command<S extends z.ZodType>(
  route: Omit<Route, 'method' | 'body' | 'handle'> & { body: S },
  handle: (asked: Asked, body: z.output<S>) => Promise<unknown>,
): Route {
  return { ...route, method: 'POST', handle: async (asked) => handle(asked, checked(route.body, asked.body)) }
}

/** @throws Terminal BAD_REQUEST with every place that is wrong */
export function checked<S extends z.ZodType>(schema: S, value: unknown, what = 'the body'): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`)
  throw new Terminal('BAD_REQUEST', `${what} is not what was expected: ${wrong.join('; ')}`, {
    hint: '/docs shows what each route takes',
    details: { wrong },
  })
}
