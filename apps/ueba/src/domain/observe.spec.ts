import { beforeEach, describe, expect, test } from '@jest/globals'
import { agent } from '@pitcrew/contracts'
import { platformManifest } from '../contracts.ts'
import { believed, serviceOf } from './actor.ts'
import { observe, type Known } from './observe.ts'
import { newBaseline, newPlatform, newProfile } from './profile.ts'
import type { Rule } from './suspicion.ts'

const manifest = platformManifest()
const minute = 60_000
let known: Known
let clock: number

beforeEach(() => {
  known = {
    profile: newProfile('scheduling.a', 'scheduling'),
    baseline: newBaseline('scheduling', '1.0.0'),
    platform: newPlatform(),
  }
  clock = 1_800_000_000_000
})

function act(change: Partial<agent.Activity> = {}, at = clock): Rule[] {
  const activity = agent.Activity.fromPartial({
    activityId: 'x',
    actor: 'scheduling.a',
    service: 'scheduling',
    operation: 'scheduling.hold-slot',
    outcome: agent.ActivityOutcome.SUCCESS,
    durationUs: 20_000,
    requestBytes: 400,
    responseBytes: 600,
    version: '1.0.0',
    ...change,
  })
  return observe(known, activity, manifest, at).map(({ rule }) => rule)
}

/** An hour of ordinary work, four activities a minute; gives what was suspected of it. */
function workAnHour(): Rule[] {
  const suspected: Rule[] = []
  for (let n = 0; n < 240; n++) {
    clock += minute / 4
    suspected.push(...act({ durationUs: 15_000 + (n % 13) * 1000, responseBytes: 500 + (n % 7) * 50 }))
  }
  return suspected
}

describe('L10 behaviour', () => {
  test('L10 ordinary work raises nothing', () => {
    expect(workAnHour()).toEqual([])
  })

  test('L10 an operation outside the manifest is suspect at once, and never becomes usual', () => {
    expect(act({ operation: '/pitcrew.engagement.v1.EngagementService/ListMessages' })).toEqual(['outside-manifest'])
    workAnHour()
    for (let n = 0; n < 50; n++) act({ operation: 'engagement.ask-feedback' })
    expect(Object.keys(known.baseline.latency)).toEqual(['scheduling.hold-slot'])
  })

  test('L10 nothing numeric is judged before the warm-up', () => {
    for (let n = 0; n < 20; n++) act()
    expect(act({ durationUs: 60_000_000, responseBytes: 1e9 })).toEqual([])
  })

  test('L10 one slow call is nothing, five in a row are a finding', () => {
    workAnHour()
    const slow = Array.from({ length: 5 }, () => act({ durationUs: 900_000 }))
    expect(slow).toEqual([[], [], [], [], ['latency']])
  })

  test('L10 an interrupted run of slow calls begins anew', () => {
    workAnHour()
    const runs = [1, 2, 3, 4, 0, 1, 2, 3, 4].map((n) => act({ durationUs: n === 0 ? 20_000 : 900_000 }))
    expect(runs.flat()).toEqual([])
  })

  test('L10 much larger answers are a finding at the third', () => {
    workAnHour()
    expect([1, 2, 3].map(() => act({ responseBytes: 5_000_000 }))).toEqual([[], [], ['bytes']])
  })

  test('L10 a new version warms up its own baseline instead of being judged by the old one', () => {
    workAnHour()
    known.baseline = newBaseline('scheduling', '2.0.0')
    for (let n = 0; n < 10; n++) expect(act({ durationUs: 900_000, version: '2.0.0' })).toEqual([])
  })

  test('L10 a runaway rate is a finding within its minute', () => {
    workAnHour()
    clock += 2 * minute
    const found = Array.from({ length: 300 }, () => act()).flat()
    expect(found.filter((rule) => rule === 'rate').length).toBeGreaterThanOrEqual(2)
  })

  test('L10 the same rate is nobody’s anomaly when everybody is as busy', () => {
    for (let n = 0; n < 240; n++) {
      clock += minute / 4
      act()
      for (let other = 0; other < 5; other++) known.platform.minute.count += 1
    }
    clock = Math.ceil(clock / minute) * minute + 2 * minute
    const found: Rule[] = []
    for (let n = 0; n < 300; n++) {
      found.push(...act())
      known.platform.minute.count += 5
    }
    expect(found).toEqual([])
  })

  test('L10 a burst of failures and a burst of denials are findings, a few of either are not', () => {
    workAnHour()
    clock += 2 * minute
    const failed = { outcome: agent.ActivityOutcome.FAILURE, code: 'DEALER_DOWN' }
    const denied = { outcome: agent.ActivityOutcome.DENIED, code: 'FORBIDDEN' }
    expect(Array.from({ length: 9 }, () => act(failed)).flat()).toEqual([])
    expect(act(failed)).toEqual(['failure-burst'])
    expect(Array.from({ length: 4 }, () => act(denied)).flat()).toEqual([])
    expect(act(denied)).toEqual(['denial-burst'])
  })

  test('L10 a new agent in an established service is noticed, faintly', () => {
    workAnHour()
    known.profile = newProfile('scheduling.b', 'scheduling')
    expect(act({ actor: 'scheduling.b' })).toEqual(['first-seen'])
    expect(act({ actor: 'scheduling.b' })).toEqual([])
  })

  test('L10 the state is plain JSON: a snapshot continues as if nothing had happened', () => {
    workAnHour()
    const restored = JSON.parse(JSON.stringify(known)) as Known
    const before = [1, 2, 3].map(() => act({ responseBytes: 5_000_000 }))
    known = restored
    expect([1, 2, 3].map(() => act({ responseBytes: 5_000_000 }))).toEqual(before)
  })
})

describe('L10 manifest', () => {
  test('L10 is derived from the contracts', () => {
    expect([...manifest.get('manufacturing-insights')!].sort()).toEqual([
      '/pitcrew.manufacturing.v1.ManufacturingService/GetCapa',
      '/pitcrew.manufacturing.v1.ManufacturingService/GetSummary',
      '/pitcrew.manufacturing.v1.ManufacturingService/ListCapas',
      '/pitcrew.manufacturing.v1.ManufacturingService/ListFailures',
      'agent.activities.recorded.v1',
      'authenticate',
      'manufacturing.capa.opened.v1',
      'manufacturing.record-failure',
      'telemetry.vehicle.registered.v1',
    ])
  })
})

describe('L10 who it was', () => {
  test('L10 an activity that claims another service is put down to the one that published it', () => {
    const forged = agent.Activity.fromPartial({
      activityId: 'x',
      actor: 'scheduling.a',
      service: 'scheduling',
      operation: 'scheduling.hold-slot',
    })
    expect(believed(forged, 'scheduling')).toEqual(forged)
    expect(believed(forged, 'data-analysis')).toMatchObject({
      actor: 'data-analysis.unidentified',
      service: 'data-analysis',
      operation: 'claims to be scheduling',
    })
    expect(believed({ ...forged, actor: 'person:p', service: 'scheduling' }, 'scheduling').actor).toBe(
      'scheduling.unidentified',
    )
  })

  test('L10 control characters and endless ids cannot keep an activity out of the log', () => {
    const odd = agent.Activity.fromPartial({
      activityId: 'x'.repeat(9999),
      actor: 'scheduling.a',
      service: 'scheduling',
      operation: 'a\u0000b',
    })
    expect(believed(odd, 'scheduling')).toMatchObject({ activityId: 'x'.repeat(256), operation: 'a\uFFFDb' })
  })

  test('L10 actors are "<service>.<instance>", a whole service or "person:<subject>"', () => {
    expect(serviceOf('customer-engagement.host-1')).toBe('customer-engagement')
    expect(serviceOf('person:auth0|7')).toBe('gateway')
    expect(serviceOf('scheduling')).toBe('scheduling')
    for (const actor of ['', 'nobody', '.a', 'scheduling.', 'person:']) {
      expect(() => serviceOf(actor)).toThrow(expect.objectContaining({ code: 'BAD_ACTOR' }))
    }
  })
})
