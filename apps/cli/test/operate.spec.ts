import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { agent, analysis, engagement, scheduling, vehicle, workflow } from '@pitcrew/contracts'
import { pitcrew } from './command-line.ts'

const open = workflow.Case.fromPartial({
  caseId: 'v1-cooling-abc',
  vehicleId: 'v1',
  system: vehicle.VehicleSystem.COOLING,
  urgency: vehicle.Urgency.HIGH,
  phase: workflow.Phase.CUSTOMER_ENGAGEMENT,
  status: workflow.WorkflowStatus.RUNNING,
  detail: 'waits for the customer to answer',
  updatedAt: '2026-11-20T12:00:00.000Z',
})
const values = {
  'collect-evidence': analysis.CollectEvidenceResponse.fromPartial({
    evidence: [{ explanation: 'coolant at 104', strength: 0.6 }],
    dtcs: ['P0217'],
  }),
  diagnose: analysis.RankHypothesesResponse.fromPartial({
    hypotheses: [{ failureMode: 'coolant-leak', component: 'hose', probability: 0.83, explanation: 'hot and low' }],
    confidence: 0.8,
  }),
  'assess-urgency': analysis.AssessUrgencyResponse.fromPartial({
    urgency: vehicle.Urgency.HIGH,
    timeToFailure: { lowerHours: 20, medianHours: 60, upperHours: 160 },
  }),
}
const history = [
  { number: 1, at: '2026-11-20T11:59:58.000Z', event: 'started', phase: workflow.Phase.DATA_ANALYSIS },
  {
    number: 2,
    at: '2026-11-20T12:00:00.000Z',
    event: 'task-failed',
    node: 'hold-slot',
    agent: 'scheduling.1',
    detail: 'NO_SLOT: none free',
  },
]
const answers: Record<string, unknown> = {
  'GET /v1/statistics': workflow.GetStatisticsResponse.fromPartial({
    total: 3,
    active: 1,
    byPhase: { CUSTOMER_ENGAGEMENT: 1 },
  }),
  'GET /v1/agents': {
    agents: [
      {
        heartbeat: agent.Heartbeat.fromPartial({ agent: 'scheduling.1', capabilities: ['scheduling.hold-slot'] }),
        alive: true,
      },
    ],
  },
  'GET /v1/cases': { cases: [open] },
  'GET /v1/cases/v1-cooling-abc': { case: open, history, values },
  'GET /v1/cases/v1-cooling-abc/messages': {
    messages: [
      engagement.MessageRecord.fromPartial({
        kind: engagement.MessageKind.PROPOSAL,
        channel: engagement.Channel.EMAIL,
      }),
    ],
  },
  'GET /v1/bookings': {
    bookings: [
      scheduling.Booking.fromPartial({ status: scheduling.BookingStatus.HELD, slot: { centreName: 'Harbour Garage' } }),
    ],
  },
  'POST /v1/cases/v1-cooling-abc/pause': { case: open },
  'POST /v1/cases/v1-cooling-abc/approve': { case: open },
}

let server: Server
let url: string
let asked: { request: string; query: string; body: string; authorization: string | undefined }[]

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://gateway')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const key = `${request.method} ${pathname}`
      asked.push({
        request: key,
        query: search,
        body: Buffer.concat(chunks).toString(),
        authorization: request.headers.authorization,
      })
      const problem = { code: 'NOT_FOUND', detail: 'there is no such case', hint: 'list them', status: 404 }
      response.writeHead(key in answers ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answers[key] ?? problem))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => void (asked = []))

const run = (...args: string[]) => pitcrew(args, { PITCREW_URL: url })

describe('N9 operating a platform', () => {
  test('L11 status counts the cases and names the agents', async () => {
    const { code, stdout } = await run('status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/cases 3: 1 active/)
    expect(stdout).toMatch(/CUSTOMER_ENGAGEMENT +1/)
    expect(stdout).toMatch(/scheduling\.1 +alive +0 +scheduling\.hold-slot/)
    const json = JSON.parse((await run('status', '--json')).stdout) as { statistics: { total: number } }
    expect(json.statistics.total).toBe(3)
  })

  test('lists cases, and hands its wishes on', async () => {
    const { stdout } = await run('cases', 'list', '--phase', 'scheduled,retry', '--vehicle', 'v1', '--limit', '5')
    expect(stdout).toMatch(/v1-cooling-abc +v1 +cooling +HIGH +CUSTOMER_ENGAGEMENT .* waits for the customer to answer/)
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.query))).toEqual({
      phase: 'SCHEDULED,RETRY',
      vehicle: 'v1',
      limit: '5',
    })
    expect(await run('cases', 'list', '--limit', 'all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BAD_USAGE'),
    })
  })

  test('shows a case by the beginning of its id: why, what was said and how it got there', async () => {
    const { stdout } = await run('cases', 'show', 'v1-cool')
    expect(stdout).toMatch(/evidence \(60 %\): coolant at 104/)
    expect(stdout).toMatch(/83 % {2}coolant-leak \(hose\): hot and low/)
    expect(stdout).toMatch(/HIGH, fails in 2\.5 d \(20 h to 6\.7 d\)/)
    expect(stdout).toMatch(/proposal +email/)
    expect(stdout).toMatch(/held +Harbour Garage/)
    expect(stdout).toMatch(/2\.0 s +task-failed +hold-slot .*NO_SLOT: none free/)
    const json = JSON.parse((await run('cases', 'show', 'v1-cooling-abc', '--json')).stdout) as object
    expect(json).toMatchObject({ case: { caseId: 'v1-cooling-abc' }, history: [{ number: 1 }, { number: 2 }] })
  })

  test('pauses with a reason and approves or rejects', async () => {
    expect(await run('cases', 'pause', 'v1-cool', '--reason', 'customer called')).toMatchObject({ code: 0 })
    expect(asked.at(-1)).toMatchObject({
      request: 'POST /v1/cases/v1-cooling-abc/pause',
      body: '{"reason":"customer called"}',
    })
    const { stdout } = await run('cases', 'approve', 'v1-cooling-abc', '--reject', '--json')
    expect(JSON.parse(stdout)).toEqual({ caseId: 'v1-cooling-abc', done: 'rejected' })
    expect(asked.at(-1)).toMatchObject({ body: '{"approved":false,"comment":""}' })
  })

  test('passes on what the platform refuses, with its code and hint', async () => {
    const { code, stderr } = await run('cases', 'show', 'zz')
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'NOT_FOUND: there is no such case\n  next: list them\n' })
  })

  test('sends the API key it is given', async () => {
    await pitcrew(['cases', 'list'], { PITCREW_URL: url, PITCREW_TOKEN: 'k-1' })
    expect(asked[0]!.authorization).toBe('Bearer k-1')
  })
})
