import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { engine } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import { bidi, connectRpc, serveRpc, unary } from '@pitcrew/rpc'
import { eventually, testTelemetry } from '@pitcrew/testing'
import type { FastifyInstance } from 'fastify'
import type { Clients } from '../src/adapters/clients.ts'
import { RateLimit } from '../src/domain/rate-limit.ts'
import { includes, roles, type Role } from '../src/domain/roles.ts'
import { EventFeed } from '../src/handlers/event-feed.ts'
import { gatewayApp } from '../src/handlers/http.ts'
import { workflowRoutes } from '../src/handlers/workflows/index.ts'
import { keys, withUnasked } from './behind.ts'

const telemetry = testTelemetry()
const asked: [string, unknown][] = []
/** A method that notes what it was asked. */
const noting = <Q, A>(name: string, answer: (request: Q) => A) =>
  unary(async (request: Q) => {
    asked.push([name, request])
    return answer(request)
  })

const approvals = [
  { workflowId: 'w1', path: 'plan/ask', approvers: 'approver' },
  { workflowId: 'w1', path: 'budget', approvers: 'admin' },
]
const found = (workflowId: string) => {
  if (workflowId === 'none') throw new Terminal('NOT_FOUND', 'there is no workflow "none"', { hint: 'search' })
  return engine.GetWorkflowResponse.fromPartial({
    workflow: { workflowId, definition: 'errand', version: 2, revision: 7 },
    history: [{ number: 7, event: 'paused' }],
    approvals,
  })
}
const followed = new Set<string>()

const service = withUnasked(engine.WorkflowServiceService, {
  getDefinition: noting('getDefinition', ({ name, drawing }: engine.GetDefinitionRequest) =>
    engine.GetDefinitionResponse.fromPartial({ summary: { name }, drawing: `drawn as ${drawing}` }),
  ),
  startWorkflow: noting('startWorkflow', ({ workflowId }: engine.StartWorkflowRequest) => {
    if (workflowId === 'taken') throw new Terminal('ALREADY_EXISTS', 'it was started before', { hint: 'another id' })
    return { workflowId: workflowId || 'errand-1', definition: 'errand', version: 2 }
  }),
  getWorkflow: noting('getWorkflow', ({ workflowId }: engine.GetWorkflowRequest) => found(workflowId)),
  searchWorkflows: noting('searchWorkflows', () => ({ workflows: [], next: 'more' })),
  summarizeWorkflow: noting('summarizeWorkflow', () => engine.SummarizeWorkflowResponse.fromPartial({ text: 'fine' })),
  signalWorkflow: noting('signalWorkflow', () => ({})),
  queryWorkflow: noting('queryWorkflow', () => ({ value: 'blue' })),
  updateWorkflow: noting('updateWorkflow', () => ({ result: 1 })),
  pauseWorkflow: noting('pauseWorkflow', () => ({})),
  retryWorkflow: noting('retryWorkflow', () => {
    throw new Terminal('ILLEGAL_TRANSITION', 'workflow w1 has ended', { hint: 'show the workflow' })
  }),
  resetWorkflow: noting('resetWorkflow', () => ({})),
  migrateWorkflow: noting('migrateWorkflow', () => {
    throw new Retryable('NO_LEADER', 'nobody leads', { hint: 'is an orchestrator running?' })
  }),
  decideApproval: noting('decideApproval', () => ({})),
  operateInBulk: noting('operateInBulk', () => ({ results: [{ workflowId: 'w1', done: true }], more: false })),
  waitForResult: noting('waitForResult', () => ({ ended: true, status: 'WORKFLOW_STATUS_COMPLETED', outcome: 'done' })),
  followWorkflows: bidi<engine.FollowWorkflowsRequest, engine.FollowWorkflowsResponse>(
    async (requests, send, { signal }) => {
      for await (const { workflowIds, after } of requests) {
        const [id = ''] = workflowIds
        followed.add(id)
        signal.addEventListener('abort', () => followed.delete(id))
        for (const number of [after + 1, after + 2])
          await send(
            engine.FollowWorkflowsResponse.fromPartial({ workflow: { workflowId: id }, transition: { number } }),
          )
      }
    },
  ),
})

let clients: Clients
let app: FastifyInstance
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const server = await serveRpc({ host: '127.0.0.1', port: 0, telemetry, services: [service] })
  const client = connectRpc(engine.WorkflowServiceClient, `127.0.0.1:${server.port}`, { telemetry })
  clients = { workflows: client } as unknown as Clients
  closing.push(
    () => server.stop(),
    async () => client.close(),
  )
})
beforeEach(async () => {
  asked.length = 0
  const rateLimit = new RateLimit(1_000)
  app = await gatewayApp({ clients, feed: new EventFeed(1), telemetry, keys, rateLimit, maxBodyBytes: 2_000 })
})
afterEach(async () => {
  app.server.closeAllConnections()
  await app.close()
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

const ask = (url: string, role: Role = 'viewer') =>
  app.inject({ url, headers: { authorization: `Bearer key-${role}` } })
const send = (url: string, payload: object | undefined, role: Role = 'admin', headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer key-${role}`, ...headers } })
const last = () => asked.at(-1)

describe('starting', () => {
  test('F9 answers 201 with where it is, and 200 where it was started before', async () => {
    const body = { id: 'none', template: 'errand', input: { name: 'x' }, attributes: { priority: 1 } }
    const first = await send('/v1/workflows', body, 'operator')
    expect([first.statusCode, first.headers.location, first.json()]).toEqual([
      201,
      '/v1/workflows/none',
      { workflowId: 'none', definition: 'errand', version: 2 },
    ])
    expect(last()).toEqual([
      'startWorkflow',
      {
        workflowId: 'none',
        template: 'errand',
        version: 0,
        input: { name: 'x' },
        attributes: { priority: 1 },
        subject: 'operator-1',
      },
    ])
    expect((await send('/v1/workflows', { ...body, id: 'w1' })).statusCode).toBe(200)
  })

  test('F9 takes the Idempotency-Key for the id, and refuses two that differ', async () => {
    const key = (value: string) => ({ 'idempotency-key': value })
    await send('/v1/workflows', { definition: 'errand' }, 'operator', key('"k-1"'))
    expect(last()).toMatchObject(['startWorkflow', { workflowId: 'k-1', definition: 'errand' }])
    const both = await send('/v1/workflows', { id: 'k-2', definition: 'errand' }, 'operator', key('k-1'))
    expect(both.json()).toMatchObject({ status: 400, code: 'BAD_REQUEST', hint: expect.any(String) })
    await send('/v1/workflows', { definition: 'errand' })
    expect(last()).toMatchObject(['startWorkflow', { workflowId: '' }])
  })

  test.each([
    [{}, 'expected either a template or a definition'],
    [{ template: 'a', definition: 'b' }, 'expected either a template or a definition'],
    [{ template: 'a', inputs: {} }, 'Unrecognized key: "inputs"'],
    [{ definition: 'a', version: 'two' }, 'version'],
  ])('F9 %j is refused before anything is asked', async (body, words) => {
    const refused = await send('/v1/workflows', body)
    expect(refused.json()).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      detail: expect.stringContaining(words),
      hint: expect.any(String),
    })
    expect(asked).toEqual([])
  })
})

describe('reading', () => {
  test('L11 search hands every condition on', async () => {
    const query = new URLSearchParams({
      status: 'FAILED,PAUSED',
      definition: 'errand',
      phase: 'RUNNING',
      priority: 'URGENT',
      urgency: 'HIGH',
      vehicle: 'v1',
      attributes: '{"system":"COOLING"}',
      text: 'hot bay',
      startedFrom: '2026-11-20',
      archived: 'true',
      limit: '5',
      cursor: 'c',
    })
    expect((await ask(`/v1/workflows?${query}`)).json()).toMatchObject({ next: 'more' })
    expect(last()).toMatchObject([
      'searchWorkflows',
      {
        limit: 5,
        cursor: 'c',
        filter: {
          statuses: ['WORKFLOW_STATUS_FAILED', 'WORKFLOW_STATUS_PAUSED'],
          definitions: ['errand'],
          phases: ['RUNNING'],
          priorities: ['PRIORITY_URGENT'],
          urgencies: ['URGENCY_HIGH'],
          vehicleId: 'v1',
          attributes: { system: 'COOLING' },
          text: 'hot bay',
          startedFrom: '2026-11-20T00:00:00.000Z',
          archived: true,
        },
      },
    ])
  })

  test.each([
    ['/v1/workflows?status=SLEEPING', 400, 'BAD_REQUEST'],
    ['/v1/workflows?attributes=cooling', 400, 'BAD_REQUEST'],
    ['/v1/workflows?startedFrom=monday', 400, 'BAD_REQUEST'],
    ['/v1/workflows?archived=perhaps', 400, 'BAD_REQUEST'],
    ['/v1/definitions/errand/two', 400, 'BAD_REQUEST'],
    ['/v1/definitions/errand/2?format=png', 400, 'BAD_REQUEST'],
    ['/v1/workflows/none', 404, 'NOT_FOUND'],
    ['/v1/workflows/w1/evaluation', 404, 'NOT_FOUND'],
    ['/v1/workflows/none/events', 404, 'NOT_FOUND'],
  ])('N9 %s is a problem with code and hint', async (url, status, code) => {
    const response = await ask(url)
    expect(response.headers['content-type']).toMatch('application/problem+json')
    expect(response.json()).toMatchObject({ status, code, detail: expect.any(String), hint: expect.any(String) })
  })

  test('F9 gives definitions as JSON and drawn, and a workflow’s graph with how far it is', async () => {
    expect((await ask('/v1/definitions/errand')).json()).toMatchObject({ summary: { name: 'errand' } })
    expect(last()).toMatchObject(['getDefinition', { version: 0, drawing: 'DRAWING_UNSPECIFIED' }])
    const mermaid = await ask('/v1/definitions/errand/2?format=mermaid')
    expect([mermaid.headers['content-type'], mermaid.body]).toEqual([
      'text/plain; charset=utf-8',
      'drawn as DRAWING_MERMAID',
    ])
    const svg = await ask('/v1/workflows/w1/drawing')
    expect(svg.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(last()).toEqual(['getDefinition', { name: 'errand', version: 2, drawing: 'DRAWING_SVG', workflowId: 'w1' }])
  })

  test('F9 gives history and result, waiting no longer than a minute', async () => {
    expect((await ask('/v1/workflows/w1/history?after=6&limit=3')).json()).toMatchObject({
      revision: 7,
      history: [{ number: 7 }],
    })
    expect(last()).toEqual(['getWorkflow', { workflowId: 'w1', historyAfter: 6, historyLimit: 3 }])
    expect((await ask('/v1/workflows/w1/result?waitMs=999999')).json()).toMatchObject({ ended: true, outcome: 'done' })
    expect(last()).toEqual(['waitForResult', { workflowId: 'w1', timeoutMs: 60_000 }])
  })
})

describe('steering', () => {
  test('F3 hands on what is asked and who asks, with the Idempotency-Key where one counts', async () => {
    await send('/v1/workflows/w1/pause', { reason: 'lunch' }, 'operator')
    expect(last()).toEqual(['pauseWorkflow', { workflowId: 'w1', reason: 'lunch', subject: 'operator-1' }])
    await send('/v1/workflows/w1/pause', undefined, 'operator')
    expect(last()).toEqual(['pauseWorkflow', { workflowId: 'w1', reason: '', subject: 'operator-1' }])
    const key = { 'idempotency-key': 's-1' }
    await send('/v1/workflows/w1/signals', { signal: 'go', payload: { at: 7 } }, 'operator', key)
    expect(last()).toMatchObject(['signalWorkflow', { signal: 'go', signalId: 's-1', payload: { at: 7 } }])
    expect((await send('/v1/workflows/w1/query', { name: 'colour' }, 'viewer')).json()).toEqual({ value: 'blue' })
    await send('/v1/workflows/w1/updates', { name: 'relabel', updateId: 'u', payload: 1 }, 'operator', key)
    expect(last()).toMatchObject(['updateWorkflow', { name: 'relabel', updateId: 'u', payload: 1 }])
    await send('/v1/workflows/w1/reset', { checkpoint: 'halfway', reason: 'wrong bay' }, 'operator')
    expect(last()).toMatchObject(['resetWorkflow', { checkpoint: 'halfway', reason: 'wrong bay' }])
  })

  test.each([
    ['/v1/workflows/w1/retry', {}, 409, 'ILLEGAL_TRANSITION'],
    ['/v1/workflows/w1/migrate', { version: 2, mapping: { old: null } }, 503, 'NO_LEADER'],
    ['/v1/workflows/w1/reset', { checkpoint: 'halfway' }, 400, 'BAD_REQUEST'],
    ['/v1/workflows/w1/pause', { resaon: 'lunch' }, 400, 'BAD_REQUEST'],
    ['/v1/workflows/w1/cancel', { reason: 'x'.repeat(3_000) }, 413, 'TOO_LARGE'],
    ['/v1/workflows', { id: 'taken', template: 'errand' }, 409, 'ALREADY_EXISTS'],
  ])('N9 POST %s is answered with the status of its problem', async (url, body, status, code) => {
    expect((await send(url, body)).json()).toMatchObject({ status, code, hint: expect.any(String) })
  })

  test('F3 an approval takes the role that it names, and is found by its path', async () => {
    const yes = { approved: true, comment: 'fine' }
    const decide = (path: string, role: Role) => send(`/v1/workflows/w1/approvals${path}`, yes, role)
    expect((await decide('/plan%2Fask', 'operator')).statusCode).toBe(403)
    expect((await decide('/plan%2Fask', 'approver')).statusCode).toBe(200)
    const common = { workflowId: 'w1', approved: true, comment: 'fine', decisionId: '' }
    expect(last()).toEqual(['decideApproval', { ...common, path: 'plan/ask', subject: 'approver-1' }])
    expect((await decide('/budget', 'approver')).json()).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    // Which one is meant is not said: it may be the one for admins.
    expect((await decide('', 'approver')).statusCode).toBe(403)
    expect((await decide('/budget', 'admin')).statusCode).toBe(200)
    expect((await decide('/other', 'admin')).json()).toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('plan/ask, budget'),
    })
  })

  test('C1 operates in bulk, with a result for each, and only on what was said exactly', async () => {
    const body = {
      filter: { statuses: ['FAILED'], startedFrom: '2026-11-20' },
      cancel: { reason: 'old' },
      dryRun: true,
    }
    expect((await send('/v1/workflows:bulk', body)).json()).toMatchObject({
      results: [{ workflowId: 'w1', done: true }],
    })
    expect(last()).toMatchObject([
      'operateInBulk',
      {
        filter: { statuses: ['WORKFLOW_STATUS_FAILED'], startedFrom: '2026-11-20T00:00:00.000Z' },
        cancel: { reason: 'old' },
        dryRun: true,
        subject: 'admin-1',
      },
    ])
    asked.length = 0
    for (const wrong of [
      { filter: { status: ['FAILED'] }, cancel: {} },
      { filter: { statuses: ['FAILED'] } },
      { filter: { statuses: ['FAILED'] }, cancel: {}, retry: {} },
    ])
      expect((await send('/v1/workflows:bulk', wrong)).json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(asked).toEqual([])
  })
})

describe('roles', () => {
  const needed = workflowRoutes({} as Clients).map(({ method, path, role }) => [method, path, role] as const)

  test('F9 viewers read, operators steer, approvers decide, admins end and move', () => {
    const of = (role: Role) => needed.filter((one) => one[2] === role).map(([method, path]) => `${method} ${path}`)
    expect(needed.filter(([method, , role]) => method === 'GET' && role !== 'viewer')).toEqual([])
    expect(of('viewer').filter((one) => one.startsWith('POST'))).toEqual(['POST /v1/workflows/{id}/query'])
    expect(of('admin')).toEqual([
      'POST /v1/workflows/{id}/terminate',
      'POST /v1/workflows/{id}/migrate',
      'POST /v1/workflows:bulk',
    ])
    expect(of('approver')).toHaveLength(2)
  })

  test.each(needed)('F9 %s %s is refused to whoever is less than %s', async (method, path, role) => {
    const url = path.replace(/\{\w+\}/g, 'x')
    for (const less of roles.filter((one) => !includes(one, role)))
      expect((await (method === 'GET' ? ask(url, less) : send(url, {}, less))).statusCode).toBe(403)
    expect((await app.inject({ method, url, payload: method === 'GET' ? undefined : {} })).statusCode).toBe(401)
    expect(asked).toEqual([])
  })
})

describe('following', () => {
  test('F3 tells transitions as they happen, and goes on after the last one that was seen', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const stop = new AbortController()
    const authorization = 'Bearer key-viewer'
    const open = (headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}/v1/workflows/w1/events?after=1`, {
        headers: { authorization, ...headers },
        signal: stop.signal,
      })
    const response = await open({ 'last-event-id': '3' })
    let text = ''
    const reading = (async () => {
      for await (const chunk of response.body as ReadableStream<Uint8Array>) text += Buffer.from(chunk).toString()
    })().catch((error: Error) => error.name)
    await eventually(() =>
      expect(text).toMatch(/id: 4\nevent: transition\ndata: .*"workflowId":"w1"[^]*id: 5\nevent: transition\n/),
    )
    expect(followed).toEqual(new Set(['w1']))
    expect((await open()).status).toBe(503)
    stop.abort()
    await reading
    await eventually(() => expect(followed).toEqual(new Set()))
  })
})

test('N9 the API describes each route with its role and the schema of its body', async () => {
  const document = (await ask('/openapi.json')).json<{ paths: Record<string, Record<string, object>> }>()
  const paths = workflowRoutes({} as Clients).map(({ path }) => path)
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([...paths, '/v1/workflows/{id}/events']))
  expect(document.paths['/v1/workflows:bulk']?.post).toMatchObject({
    description: expect.stringContaining('Role: admin.'),
    requestBody: { content: { 'application/json': { schema: { properties: { cancel: { type: 'object' } } } } } },
  })
})
