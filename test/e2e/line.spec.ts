import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { engagement, manufacturing, ueba, workflow } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { collectSpans } from '../support/span-collector.ts'
import { booksOf, kept, openStage, type Stage } from '../support/stage.ts'

const { Phase, WorkflowStatus } = workflow

describe('the whole line', () => {
  let stage: Stage
  let collector: Awaited<ReturnType<typeof collectSpans>>

  beforeAll(async () => {
    collector = await collectSpans()
    stage = await openStage({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  }, 120_000)
  afterAll(async () => {
    await stage?.close()
    await collector?.close()
  }, 60_000)

  test('L2 L13 from a leaking radiator to a repaired vehicle and a lesson for manufacturing', async () => {
    await stage.owner('line-1', 'accepts')
    await stage.driveUntilAlert('line-1', 'coolant-leak')
    const done = await stage.theCase('line-1', ({ phase }) => phase === Phase.COMPLETED || phase === Phase.FAILED)
    expect(done).toMatchObject({ outcome: 'repaired', status: WorkflowStatus.COMPLETED, progress: 100 })

    const { bookings, failures, audit } = await booksOf(stage, done)
    expect(kept(bookings)).toMatchObject([{ status: 'BOOKING_STATUS_COMPLETED', vehicleId: 'line-1' }])
    expect(failures).toMatchObject([{ vehicleId: 'line-1', failureMode: 'coolant-leak', repaired: true }])
    const { capas } = manufacturing.ListCapasResponse.fromJSON(await stage.ask('/v1/quality/capas'))
    expect(capas).toMatchObject([
      {
        failureMode: 'coolant-leak',
        sections: expect.arrayContaining([expect.objectContaining({ discipline: 'D4' })]),
      },
    ])
    const { messages } = engagement.ListMessagesResponse.fromJSON(await stage.ask(`/v1/cases/${done.caseId}/messages`))
    expect(messages.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['MESSAGE_KIND_PROPOSAL', 'MESSAGE_KIND_CONFIRMATION', 'MESSAGE_KIND_FEEDBACK_REQUEST']),
    )
    expect(audit).toMatchObject({ intact: true })
    expect(audit.records).toBeGreaterThan(20)
  }, 120_000)

  test('M1 its history goes through the states in order, and the audit log has every transition (M5)', async () => {
    const [one] = await stage.cases('line-1')
    const { history } = workflow.GetCaseResponse.fromJSON(await stage.ask(`/v1/cases/${one?.caseId}`))
    expect(history.map(({ number }) => number)).toEqual(history.map((_, i) => i + 1))
    const phases = history.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])
    expect(phases).toEqual([
      Phase.DATA_ANALYSIS,
      Phase.DIAGNOSIS,
      Phase.URGENCY_ASSESSMENT,
      Phase.CUSTOMER_ENGAGEMENT,
      Phase.SCHEDULING,
      Phase.SCHEDULED,
      Phase.IN_SERVICE,
      Phase.FEEDBACK,
      Phase.COMPLETED,
    ])
    await eventually(async () => {
      const { events } = ueba.ListAuditEventsResponse.fromJSON(
        await stage.ask(`/v1/audit?limit=500&resource=${one?.caseId}`),
      )
      expect(events.length).toBeGreaterThanOrEqual(history.length)
    })
  })

  test('N4 one trace holds alert, diagnosis, message and booking; what follows the long wait links back to it', async () => {
    const [one] = await stage.cases('line-1')
    const opening = await eventually(
      () => {
        const trace = collector.spans.filter(({ traceId }) => traceId === one?.traceId)
        const services = new Set(trace.map(({ service }) => service))
        expect([...services]).toEqual(
          expect.arrayContaining(['data-analysis', 'orchestrator', 'scheduling', 'customer-engagement']),
        )
        return trace
      },
      { timeoutMs: 20_000 },
    )
    const text = opening
      .map(({ service, name, attributes }) => `${service} ${name} ${JSON.stringify(attributes)}`)
      .join('\n')
    for (const part of ['rank-hypotheses', 'hold-slot', 'propose-appointment', 'confirm-booking'])
      expect(text).toMatch(part)
    expect(text).not.toMatch(/@customers|accepts\./)
    const linked = collector.spans.filter(({ links }) => links.some(({ traceId }) => traceId === one?.traceId))
    expect(linked.map(({ name }) => name)).toEqual(expect.arrayContaining(['signal visit-completed']))
  })

  test('L4 a customer who declines is left alone, with nothing booked', async () => {
    await stage.owner('line-2', 'declines')
    await stage.driveUntilAlert('line-2', 'alternator')
    const done = await stage.theCase('line-2', ({ status }) => status !== WorkflowStatus.RUNNING)
    expect(done).toMatchObject({ outcome: 'declined', status: WorkflowStatus.COMPLETED })
    const { bookings } = await booksOf(stage, done)
    expect(bookings.every(({ status }) => status === 'BOOKING_STATUS_CANCELLED')).toBe(true)
  }, 120_000)

  test('L5 a customer who wants another time gets one', async () => {
    await stage.owner('line-3', 'other-time')
    await stage.driveUntilAlert('line-3', 'coolant-leak')
    const done = await stage.theCase('line-3', ({ status }) => status !== WorkflowStatus.RUNNING)
    expect(done).toMatchObject({ outcome: 'repaired' })
    const { bookings } = await booksOf(stage, done)
    expect(bookings.map(({ status }) => status).sort()).toEqual([
      'BOOKING_STATUS_CANCELLED',
      'BOOKING_STATUS_COMPLETED',
    ])
  }, 120_000)
})
