import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import { inSpan } from '@pitcrew/observability'
import { eventually } from '@pitcrew/testing'
import { brokerWithClients, collector, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let asker: Client
let responder: Client

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (data: Uint8Array) => new TextDecoder().decode(data)

beforeAll(async () => {
  all = await brokerWithClients()
  asker = await all.client('scheduling')
  responder = await all.client('orchestrator')
})

afterAll(() => all.stop())

describe('a request', () => {
  test('L9 is answered within one trace', async () => {
    const subscription = await responder.respond(
      'workflow.inbox.0',
      { template: 'workflow.inbox.{partition}' },
      async (data) => bytes(text(data).toUpperCase()),
    )
    const trace = await inSpan(asker.telemetry, 'work', {}, async (span) => {
      expect(
        text(
          await asker.request('workflow.inbox.0', bytes('hello'), {
            timeoutMs: 1_000,
            template: 'workflow.inbox.{partition}',
          }),
        ),
      ).toBe('HELLO')
      return span.spanContext().traceId
    })
    const client = asker.telemetry.spans.find(({ name }) => name === 'request workflow.inbox.{partition}')
    const server = await eventually(() => {
      const found = responder.telemetry.spans.find(({ name }) => name === 'process workflow.inbox.{partition}')
      expect(found).toBeDefined()
      return found!
    })
    expect(server.spanContext().traceId).toBe(trace)
    expect(server.parentSpanContext?.spanId).toBe(client?.spanContext().spanId)
    await subscription.stop()
  })

  test.each([
    new Terminal('UNKNOWN_WORKFLOW', 'no such workflow: ü\nnext', { hint: 'list them' }),
    new Retryable('NOT_LEADER', 'ask again', { afterMs: 50 }),
  ])('rethrows the failure of its responder: $code', async (failure) => {
    const subscription = await responder.respond('workflow.inbox.1', {}, () => Promise.reject(failure))
    const { kind, code, message, hint } = failure
    await expect(asker.request('workflow.inbox.1', bytes(''), { timeoutMs: 1_000 })).rejects.toMatchObject({
      kind,
      code,
      message,
      hint,
    })
    await subscription.stop()
  })

  test('that nobody answers fails at once and may be sent again', async () => {
    const asked = asker.request('workflow.inbox.2', bytes(''), { timeoutMs: 10_000 })
    await expect(asked).rejects.toMatchObject({ kind: 'retryable', code: 'NO_RESPONDERS' })
  })

  test('L9 that is not answered in time fails with DEADLINE_EXCEEDED', async () => {
    const release = Promise.withResolvers<Uint8Array>()
    const subscription = await responder.respond('workflow.inbox.3', {}, () => release.promise)
    const asked = asker.request('workflow.inbox.3', bytes(''), { timeoutMs: 100 })
    await expect(asked).rejects.toMatchObject({ kind: 'retryable', code: 'DEADLINE_EXCEEDED' })
    release.resolve(bytes(''))
    await subscription.stop()
  })

  test('in progress is answered before a responder has stopped', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<Uint8Array>()
    const subscription = await responder.respond('workflow.inbox.4', { queue: 'q' }, () => {
      begun.resolve()
      return release.promise
    })
    const asked = asker.request('workflow.inbox.4', bytes(''), { timeoutMs: 2_000 })
    await begun.promise
    const stopped = subscription.stop()
    release.resolve(bytes('done'))
    await stopped
    expect(text(await asked)).toBe('done')
  })
})

test('a signal reaches who listens, and a listener that throws goes on listening', async () => {
  const { received, keep } = collector<string>()
  const subscription = responder.listen('agent.heartbeat.>', async (data, subject) => {
    await keep(`${subject} ${text(data)}`)
    if (text(data) === '1') throw new Error('odd')
  })
  await responder.connection.flush()
  asker.signal('agent.heartbeat.scheduling.i1', bytes('1'))
  asker.signal('agent.heartbeat.scheduling.i1', bytes('2'))
  await eventually(() =>
    expect(received).toEqual(['agent.heartbeat.scheduling.i1 1', 'agent.heartbeat.scheduling.i1 2']),
  )
  await eventually(() => expect(responder.telemetry.lines.map(({ message }) => message)).toContain('listener threw'))
  await subscription.stop()
})
