import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events as pipeline, ueba } from '@pitcrew/contracts'
import { listFindings } from '../src/adapters/behaviour.ts'
import { openLedger, type Ledger } from './ledger.ts'

let ledger: Ledger

beforeAll(async () => {
  ledger = await openLedger()
}, 120_000)

beforeEach(() => ledger.reset())

afterAll(() => ledger.close())

describe('L10 on a labelled corpus', () => {
  test('L10 agents that misbehave are blocked, every normal agent is not', async () => {
    const misbehaving = {
      'scheduling.b': 'probing',
      'customer-engagement.c': 'denied',
      'data-analysis.d': 'exfiltrating',
      'data-analysis.a': 'runaway',
    } as const
    const events = await ledger.play(misbehaving)
    expect(await ledger.blocked()).toEqual(Object.keys(misbehaving).sort())
    const decisions = (await ledger.announced(pipeline.agentBlocked)).map((message) =>
      ueba.AgentBlocked.fromJSON(message),
    )
    for (const { actor, at, decidedBy, findingIds } of decisions) {
      const onset = events.find(
        ({ activity, misbehaviour }) => activity.actor === actor && misbehaviour !== undefined,
      )!.at
      expect(decidedBy).toBe('ueba')
      expect(findingIds.length).toBeGreaterThan(0)
      // Time to detect: within five minutes of the first misbehaviour.
      expect(Date.parse(at!)).toBeGreaterThanOrEqual(onset)
      expect(Date.parse(at!) - onset).toBeLessThan(5 * 60_000)
    }
  })

  test('L10 75 minutes of ordinary work under swinging load raise no alarm', async () => {
    await ledger.play({})
    expect(await ledger.blocked()).toEqual([])
    expect(await listFindings(ledger.database, 100)).toEqual([])
  })

  test('L10 no more than the allowed share of a service is blocked; for the rest a person is told', async () => {
    await ledger.play({
      'scheduling.a': 'probing',
      'scheduling.b': 'probing',
      'scheduling.c': 'probing',
      'scheduling.d': 'probing',
    })
    expect(await ledger.blocked()).toHaveLength(2)
    const withheld = (await listFindings(ledger.database, 1000)).filter(({ rule }) => rule === 'block-withheld')
    expect(new Set(withheld.map(({ actor }) => actor)).size).toBe(2)
    expect(withheld[0]).toMatchObject({
      severity: ueba.Severity.CRITICAL,
      explanation: expect.stringContaining('a person has to decide'),
    })
  })
})
