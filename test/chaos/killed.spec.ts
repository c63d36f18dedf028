import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { workflow } from '@pitcrew/contracts'
import { booksOf, kept, openStage, type Stage } from '../support/stage.ts'

const { Phase, WorkflowStatus } = workflow

describe('N1 kill -9', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({ separate: ['orchestrator'], env: { SIMULATOR_REACTION_MS: '2000' } })
  }, 120_000)
  afterAll(() => stage?.close(), 60_000)

  test('of the orchestrator in the middle of a case: it goes on by itself, and nothing is lost or doubled', async () => {
    await stage.owner('killed-1', 'accepts')
    await stage.driveUntilAlert('killed-1', 'coolant-leak')
    await stage.theCase('killed-1', ({ phase }) => phase === Phase.CUSTOMER_ENGAGEMENT)
    await stage.platform.killService('orchestrator')
    await stage.platform.restartService('orchestrator')
    await stage.theCase('killed-1', ({ phase }) =>
      [Phase.SCHEDULED, Phase.IN_SERVICE, Phase.FEEDBACK].includes(phase as never),
    )
    await stage.platform.killService('orchestrator')
    await stage.platform.restartService('orchestrator')
    const done = await stage.theCase('killed-1', ({ status }) => status !== WorkflowStatus.RUNNING)
    expect(done).toMatchObject({ outcome: 'repaired' })
    const { bookings, failures, audit } = await booksOf(stage, done)
    expect(kept(bookings)).toMatchObject([{ status: 'BOOKING_STATUS_COMPLETED' }])
    expect(failures).toHaveLength(1)
    expect(audit).toMatchObject({ intact: true })
  }, 180_000)
})
