import { describe, expect, test } from '@jest/globals'
import { analysis, engagement, scheduling, vehicle } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import { mayFollow } from '@pitcrew/workflow'
import { Harness, type Agents } from '@pitcrew/workflow/testing'
import { caseLifecycle, earlierNames } from './lifecycle.ts'
import { timing } from './timing.ts'
import { vehicleCase } from './vehicle-case.ts'

const { Urgency, VehicleSystem } = vehicle
const { ReplyKind } = engagement
const minute = 60_000

function alert(urgency: vehicle.Urgency): analysis.Alert {
  return analysis.Alert.fromPartial({ alertId: 'case-1', vehicleId: 'v1', system: VehicleSystem.COOLING, urgency })
}

interface World {
  calls: string[]
  phases: string[]
  agents: Agents
}

/** Agents that do what a good day brings; `say` overrides one of them. */
function world(urgency: vehicle.Urgency, say: Agents = {}, confidence = 0.9): World {
  const calls: string[] = []
  const phases: string[] = []
  const node = (name: string) => () => ({ node: name, supports: [], summary: '' })
  const hypothesis = {
    failureMode: 'coolant-leak',
    component: 'radiator',
    probability: 0.9,
    parts: ['radiator'],
    labourHours: 2,
    skill: 'engine',
    explanation: 'leaks',
  }
  const agents: Agents = {
    'analysis.collect-evidence': () => ({ vehicle: { vehicleId: 'v1' } }),
    'diagnosis.signal-evidence': node('signal-evidence'),
    'diagnosis.fault-codes': node('fault-codes'),
    'diagnosis.vehicle-history': node('vehicle-history'),
    'diagnosis.fleet-peers': node('fleet-peers'),
    'diagnosis.similar-failures': node('similar-failures'),
    'diagnosis.rank-hypotheses': () => ({ hypotheses: [hypothesis], confidence, verdict: { stop: true } }),
    'analysis.assess-urgency': () => ({ urgency }),
    'scheduling.hold-slot': ({ round }: { round: number }) => ({
      booking: { bookingId: `b${round}` },
      alternatives: [],
    }),
    'scheduling.release-hold': () => ({ released: true }),
    'scheduling.confirm-booking': ({ bookingId }: { bookingId: string }) => ({
      booking: { bookingId, dealerReference: 'D-1' },
      icalendar: '',
    }),
    'scheduling.cancel-booking': () => ({}),
    'engagement.propose-appointment': () => ({ message: { channel: 'CHANNEL_EMAIL' } }),
    'engagement.confirm-appointment': () => ({ message: {} }),
    'engagement.ask-feedback': () => ({ message: {} }),
    'manufacturing.record-failure': () => ({ failureId: 'f1', capaId: 'c1' }),
    ...say,
  }
  for (const [name, agent] of Object.entries(agents)) {
    agents[name] = (input, task) => {
      calls.push(name.split('.')[1] as string)
      return agent(input, task)
    }
  }
  return { calls, phases, agents }
}

async function begin(urgency: vehicle.Urgency, { agents }: World): Promise<Harness> {
  const harness = await Harness.start([vehicleCase], agents)
  await harness.run(vehicleCase, 'case-1', { alert: alert(urgency), timing: timing(1) } as never)
  return harness
}

const reply = (kind: engagement.ReplyKind, preference?: scheduling.Preference) =>
  ({ kind, preference: preference ?? null }) as never

describe('L2 a case', () => {
  test('goes from alert to lesson learned through the states of M1, and ends repaired', async () => {
    const w = world(Urgency.HIGH)
    const harness = await begin(Urgency.HIGH, w)
    expect(harness.state('case-1')).toMatchObject({
      phase: 'CUSTOMER_ENGAGEMENT',
      attributes: { priority: 2, engaged: true },
    })
    await harness.signal('case-1', 'reply', reply(ReplyKind.ACCEPT))
    expect(harness.state('case-1')).toMatchObject({ phase: 'SCHEDULED', attributes: { scheduled: true } })
    await harness.signal('case-1', 'visit-started', {})
    expect(harness.state('case-1')?.phase).toBe('IN_SERVICE')
    await harness.signal('case-1', 'visit-completed', { workOrder: { repaired: true } })
    expect(harness.state('case-1')?.phase).toBe('FEEDBACK')
    await harness.signal('case-1', 'feedback', { rating: 5 })
    expect(harness.lastView('case-1')).toMatchObject({
      phase: 'COMPLETED',
      outcome: 'repaired',
      attributes: { failureId: 'f1', capaId: 'c1' },
    })
    expect(w.calls).toEqual([
      'collect-evidence',
      'signal-evidence',
      'fault-codes',
      'vehicle-history',
      'fleet-peers',
      'similar-failures',
      'rank-hypotheses',
      'assess-urgency',
      'hold-slot',
      'propose-appointment',
      'confirm-booking',
      'confirm-appointment',
      'ask-feedback',
      'record-failure',
    ])
  })

  test('L3 of LOW urgency is only logged, of MEDIUM waits for the batch, of HIGH and CRITICAL engages at once', async () => {
    const low = await begin(Urgency.LOW, world(Urgency.LOW))
    expect(low.lastView('case-1')).toMatchObject({ status: 'completed', outcome: 'logged' })
    const medium = await begin(Urgency.MEDIUM, world(Urgency.MEDIUM))
    expect(medium.state('case-1')?.nodes.batch).toMatchObject({ is: 'waiting' })
    await medium.pass(24 * 60 * minute)
    expect(medium.state('case-1')?.phase).toBe('CUSTOMER_ENGAGEMENT')
    for (const urgency of [Urgency.HIGH, Urgency.CRITICAL]) {
      expect((await begin(urgency, world(urgency))).state('case-1')?.phase).toBe('CUSTOMER_ENGAGEMENT')
    }
  })

  test('L3 escalation of a MEDIUM case does not wait for the batch', async () => {
    const harness = await begin(Urgency.MEDIUM, world(Urgency.MEDIUM))
    await harness.signal('case-1', 'escalated', {})
    expect(harness.state('case-1')?.phase).toBe('CUSTOMER_ENGAGEMENT')
  })

  test('L4 that the customer declines releases the held slot and ends declined', async () => {
    const w = world(Urgency.HIGH)
    const harness = await begin(Urgency.HIGH, w)
    await harness.signal('case-1', 'reply', reply(ReplyKind.DECLINE))
    expect(w.calls.at(-1)).toBe('release-hold')
    expect(harness.lastView('case-1')).toMatchObject({ status: 'completed', outcome: 'declined' })
  })

  test('L5 offers another time with what the customer said, after giving back the slot', async () => {
    const asked: unknown[] = []
    const w = world(Urgency.HIGH, {
      'scheduling.hold-slot': (input: { round: number }) => (
        asked.push(input),
        { booking: { bookingId: `b${input.round}` } }
      ),
    })
    const harness = await begin(Urgency.HIGH, w)
    await harness.signal(
      'case-1',
      'reply',
      reply(ReplyKind.OTHER_TIME, scheduling.Preference.fromPartial({ dayParts: ['morning'] })),
    )
    expect(w.calls.slice(-3)).toEqual(['release-hold', 'hold-slot', 'propose-appointment'])
    expect(asked).toMatchObject([{ round: 1 }, { round: 2, preference: { dayParts: ['morning'] } }])
  })

  test('L4 L8 that nobody answers reminds, more often the more urgent, and ends no-response with nothing held', async () => {
    const w = world(Urgency.CRITICAL)
    const harness = await begin(Urgency.CRITICAL, w)
    await harness.pass(4 * 30 * minute)
    expect(w.calls.filter((call) => call === 'propose-appointment')).toHaveLength(4)
    expect(w.calls.filter((call) => call === 'hold-slot')).toHaveLength(4)
    expect(harness.lastView('case-1')).toMatchObject({ status: 'completed', outcome: 'no-response' })
  })

  test('C6 diagnoses until the verdict says stop, three times at most, and remembers every pass', async () => {
    const diagnosed = async (stopAfter: number): Promise<unknown[]> => {
      const requests: unknown[] = []
      const w = world(Urgency.HIGH, {
        'diagnosis.rank-hypotheses': (request: analysis.RankHypothesesRequest) => {
          const pass = requests.push(request)
          const passes = [...request.passes, { confidence: pass / 10 }]
          return { hypotheses: [], confidence: pass / 10, passes, verdict: { stop: pass === stopAfter } } as never
        },
      })
      const harness = await begin(Urgency.HIGH, w)
      expect(harness.state('case-1')?.values.diagnose).toMatchObject({ passes: { length: requests.length } })
      return requests
    }
    expect(await diagnosed(1)).toHaveLength(1)
    expect(await diagnosed(9)).toHaveLength(3)
    expect(await diagnosed(2)).toMatchObject([
      { iteration: 1, passes: [], limits: { confidence: 0.7, maxPasses: 3 } },
      { iteration: 2, passes: [{ confidence: 0.1 }] },
    ])
  })

  test('C6 the next pass asks the nodes that the verdict names, as far back as it says, and keeps the rest', async () => {
    const requests: analysis.RankHypothesesRequest[] = []
    const windows: unknown[] = []
    const run = Object.fromEntries(
      ['signal-evidence', 'fault-codes', 'vehicle-history', 'fleet-peers', 'similar-failures'].map((node) => [
        node,
        node === 'vehicle-history',
      ]),
    )
    const w = world(Urgency.HIGH, {
      'diagnosis.vehicle-history': ({ iteration }: { iteration: number }) => {
        windows.push(iteration)
        return { node: 'vehicle-history', supports: [], summary: '' }
      },
      'diagnosis.rank-hypotheses': (request: analysis.RankHypothesesRequest) => {
        const stop = requests.push(request) === 2
        return { hypotheses: [], confidence: 0.5, known: ['kept'], verdict: { stop, strategy: { run, window: 3 } } }
      },
    })
    await begin(Urgency.HIGH, w)
    const asked = w.calls.slice(w.calls.indexOf('rank-hypotheses') + 1, w.calls.lastIndexOf('rank-hypotheses'))
    expect(asked).toEqual(['vehicle-history'])
    expect(windows).toEqual([1, 3])
    expect(requests[1]).toMatchObject({
      known: ['kept'],
      answered: { 'vehicle-history': true, 'fault-codes': false },
      findings: { length: 5, 1: { node: 'fault-codes', supports: [] } },
    })
  })

  test('C6 L2 goes on without a node that fails for good, and asks a person when too many did', async () => {
    let answered: unknown
    const verdict = { stop: true, reason: analysis.IterationReason.ERROR_RATE }
    const w = world(Urgency.HIGH, {
      'diagnosis.fault-codes': () => {
        throw new Terminal('NOT_FOUND', 'no such vehicle')
      },
      'diagnosis.rank-hypotheses': (request: analysis.RankHypothesesRequest) => {
        answered = request.answered
        return { hypotheses: [], confidence: 0.9, verdict }
      },
    })
    const harness = await begin(Urgency.HIGH, w)
    expect(answered).toMatchObject({ 'fault-codes': false, 'signal-evidence': true })
    expect(harness.state('case-1')?.nodes.approval).toMatchObject({ is: 'waiting' })
  })

  test('L2 asks a person before it bothers a customer with a guess', async () => {
    const harness = await begin(Urgency.HIGH, world(Urgency.HIGH, {}, 0.1))
    expect(harness.state('case-1')?.nodes.approval).toMatchObject({ is: 'waiting' })
    await harness.decide('case-1', 'approval', false)
    expect(harness.lastView('case-1')).toMatchObject({ status: 'completed', outcome: 'dismissed' })
  })

  test('L3 that became more urgent before anybody was asked is asked once', async () => {
    const w = world(Urgency.CRITICAL)
    const harness = await Harness.start([vehicleCase], w.agents)
    const input = { alert: alert(Urgency.HIGH), timing: timing(1) } as never
    await harness.submit('case-1', { type: 'started', definition: vehicleCase.name, version: 1, input })
    await harness.signal('case-1', 'escalated', alert(Urgency.CRITICAL) as never)
    expect(harness.state('case-1')?.attributes).toMatchObject({ urgency: Urgency.CRITICAL })
    expect(w.calls.filter((call) => call === 'propose-appointment')).toHaveLength(1)
  })

  test('L3 that becomes more urgent while the customer thinks about it is offered anew, for the new urgency', async () => {
    const asked: unknown[] = []
    const w = world(Urgency.HIGH, {
      'scheduling.hold-slot': (input: { round: number }) => (
        asked.push(input),
        { booking: { bookingId: `b${input.round}` } }
      ),
    })
    const harness = await begin(Urgency.HIGH, w)
    await harness.signal('case-1', 'escalated', alert(Urgency.CRITICAL) as never)
    expect(asked).toMatchObject([{ job: { urgency: Urgency.HIGH } }, { job: { urgency: Urgency.CRITICAL } }])
    expect(harness.state('case-1')?.attributes).toMatchObject({ urgency: Urgency.CRITICAL, priority: 1 })
  })

  test('L5 offers another slot when the workshop does not have the accepted one any more', async () => {
    let lost = true
    const w = world(Urgency.HIGH, {
      'scheduling.confirm-booking': ({ bookingId }: { bookingId: string }) => {
        if (lost) throw new Terminal('HOLD_EXPIRED', 'taken')
        return { booking: { bookingId }, icalendar: '' }
      },
    })
    const harness = await begin(Urgency.HIGH, w)
    await harness.signal('case-1', 'reply', reply(ReplyKind.ACCEPT))
    expect(w.calls.slice(-4)).toEqual(['confirm-booking', 'release-hold', 'hold-slot', 'propose-appointment'])
    lost = false
    await harness.signal('case-1', 'reply', reply(ReplyKind.ACCEPT))
    expect(harness.state('case-1')).toMatchObject({ phase: 'SCHEDULED', status: 'running' })
  })

  test('L8 cancels the booking and releases the slot when a later step fails for good', async () => {
    const w = world(Urgency.HIGH)
    const harness = await begin(Urgency.HIGH, w)
    await harness.signal('case-1', 'reply', reply(ReplyKind.ACCEPT))
    await harness.signal('case-1', 'booking-cancelled', {})
    expect(w.calls.slice(-2)).toEqual(['cancel-booking', 'release-hold'])
    expect(harness.lastView('case-1')).toMatchObject({ outcome: 'not-attended' })
  })

  test('M4 shows RETRY while an agent fails, and goes on from the point of failure', async () => {
    let failures = 2
    const w = world(Urgency.HIGH, {
      'analysis.assess-urgency': () => {
        if (failures-- > 0) throw new Retryable('AGENT_DOWN', 'not now')
        return { urgency: Urgency.HIGH }
      },
    })
    const harness = await begin(Urgency.HIGH, w)
    expect(harness.state('case-1')?.phase).toBe('RETRY')
    await harness.pass(6_000)
    expect(harness.state('case-1')?.phase).toBe('CUSTOMER_ENGAGEMENT')
    expect(w.calls.filter((call) => call === 'collect-evidence')).toHaveLength(1)
  })

  test('N1 goes on where it was after the orchestrator was killed at any point', async () => {
    const w = world(Urgency.HIGH)
    const harness = await Harness.start([vehicleCase], w.agents)
    const input = { alert: alert(Urgency.HIGH), timing: timing(1) } as never
    await harness.submit('case-1', { type: 'started', definition: vehicleCase.name, version: 1, input })
    const wanted = ['reply', 'visit-started', 'visit-completed', 'feedback']
    const payloads: Record<string, unknown> = {
      reply: reply(ReplyKind.ACCEPT),
      'visit-completed': { workOrder: { repaired: true } },
    }
    while (harness.state('case-1')) {
      await harness.restart()
      const task = harness.tasks.take()
      if (task) await harness.perform(task)
      else {
        const signal = wanted.shift() as string
        await harness.submit('case-1', {
          type: 'signalled',
          signal,
          signalId: signal,
          payload: (payloads[signal] ?? {}) as never,
        })
      }
    }
    expect(harness.lastView('case-1')).toMatchObject({ outcome: 'repaired' })
    expect(harness.troubles).toEqual([])
    expect(w.calls.filter((call) => call === 'confirm-booking')).toHaveLength(1)
  })
})

describe('M1 the lifecycle', () => {
  test('has twelve states and refuses what may not follow', () => {
    expect(Object.keys(caseLifecycle.next)).toHaveLength(12)
    expect(mayFollow(caseLifecycle, 'DATA_ANALYSIS', 'SCHEDULED')).toBe(false)
    expect(mayFollow(caseLifecycle, 'COMPLETED', 'RETRY')).toBe(false)
    expect(mayFollow(caseLifecycle, 'IN_SERVICE', 'FAILED')).toBe(true)
    for (const name of Object.values(earlierNames)) expect(caseLifecycle.next).toHaveProperty(name)
  })
})
