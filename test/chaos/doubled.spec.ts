import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { engagement, workflow } from '@pitcrew/contracts'
import { testBroker, type TestBroker } from '@pitcrew/testing'
import { doubleEverything } from '../support/doubler.ts'
import { booksOf, kept, openStage, type Stage } from '../support/stage.ts'

describe('N1 every message delivered twice', () => {
  let broker: TestBroker
  let doubler: Awaited<ReturnType<typeof doubleEverything>>
  let stage: Stage

  beforeAll(async () => {
    broker = await testBroker()
    doubler = await doubleEverything(broker.url)
    stage = await openStage({ env: { NATS_URL: broker.url } })
  }, 120_000)
  afterAll(async () => {
    await doubler?.stop()
    await stage?.close()
    await broker?.stop()
  }, 60_000)

  test('still gives one case, one booking, one message of each kind and one record of the failure', async () => {
    await stage.owner('doubled-1', 'accepts')
    await stage.driveUntilAlert('doubled-1', 'coolant-leak')
    const done = await stage.theCase('doubled-1', ({ status }) => status !== workflow.WorkflowStatus.RUNNING)
    expect(done).toMatchObject({ outcome: 'repaired' })
    const { bookings, failures, audit } = await booksOf(stage, done)
    expect(kept(bookings)).toMatchObject([{ status: 'BOOKING_STATUS_COMPLETED' }])
    expect(failures).toHaveLength(1)
    expect(audit).toMatchObject({ intact: true })
    const { messages } = engagement.ListMessagesResponse.fromJSON(await stage.ask(`/v1/cases/${done.caseId}/messages`))
    const sink = await fetch(`${stage.platform.urls.mail}/messages`)
    const { messages: mails } = (await sink.json()) as { messages: { messageId: string }[] }
    const mailed = mails.map(({ messageId }) => messageId.slice(1).split('@')[0])
    expect(mailed.sort()).toEqual(messages.map(({ messageId }) => messageId).sort())
    const kinds = messages.map(({ kind }) => kind).filter((kind) => kind !== 'MESSAGE_KIND_PROPOSAL')
    expect(kinds.sort()).toEqual(['MESSAGE_KIND_CONFIRMATION', 'MESSAGE_KIND_FEEDBACK_REQUEST'])
    expect(doubler.doubled()).toBeGreaterThan(100)
  }, 180_000)
})
