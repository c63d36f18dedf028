import { describe, expect, test } from '@jest/globals'
import { liveMembers, observe, plan, quotaOf, type Lease, type Member } from './lease-plan.ts'

const member = (instance: string, revision = 1, leaving = false): Member => ({
  instance,
  incarnation: `${instance}#1`,
  revision,
  leaving,
})
const lease = (partition: number, holder: string | null, epoch = 1): Lease => ({
  partition,
  holder: holder === null ? null : { instance: holder, incarnation: `${holder}#1` },
  epoch,
  revision: 10 + partition,
})
const self = { instance: 'a', incarnation: 'a#1' }
const none: ReadonlySet<number> = new Set()

describe('liveness', () => {
  test('is judged by our own clock: a beat that has not changed for as long as a lease lives', () => {
    let sightings = observe(new Map(), [member('b', 7)], 1_000)
    sightings = observe(sightings, [member('b', 7)], 4_000)
    expect(liveMembers([member('b', 7)], sightings, 4_499, 3_500)).toHaveLength(1)
    expect(liveMembers([member('b', 7)], sightings, 4_500, 3_500)).toHaveLength(0)
    sightings = observe(sightings, [member('b', 8)], 4_500)
    expect(liveMembers([member('b', 8)], sightings, 7_999, 3_500)).toHaveLength(1)
  })

  test('of another process under the name starts anew', () => {
    const sightings = observe(
      observe(new Map(), [member('b', 7)], 0),
      [{ ...member('b', 7), incarnation: 'b#2' }],
      3_000,
    )
    expect(sightings.get('b')).toMatchObject({ incarnation: 'b#2', sinceMs: 3_000 })
  })
})

describe('shares', () => {
  test('add up to all partitions and differ by one at most', () => {
    for (let partitions = 1; partitions <= 20; partitions++) {
      for (let members = 1; members <= 6; members++) {
        const live = Array.from({ length: members }, (_, n) => member(`m${n}`))
        const quotas = live.map(({ instance }) => quotaOf(instance, live, partitions))
        expect(quotas.reduce((sum, each) => sum + each, 0)).toBe(partitions)
        expect(Math.max(...quotas) - Math.min(...quotas)).toBeLessThanOrEqual(1)
      }
    }
  })

  test('leave out who is leaving', () => {
    const live = [member('a'), member('b', 1, true)]
    expect(quotaOf('a', live, 8)).toBe(8)
    expect(quotaOf('b', live, 8)).toBe(0)
  })
})

describe('a plan', () => {
  const both = [member('a'), member('b')]

  test('never takes what a live member holds, leaving or not', () => {
    const leases = [lease(0, 'b'), lease(1, 'b'), lease(2, 'b'), lease(3, 'b')]
    for (const live of [both, [member('a'), member('b', 1, true)]]) {
      expect(plan({ self, partitions: 4, live, leases, held: none, releasing: none }).take).toEqual([])
    }
  })

  test('takes its share of what is free or whose holder is gone, with what it needs to compare and set', () => {
    const { take } = plan({
      self,
      partitions: 4,
      live: [member('a')],
      leases: [lease(0, 'b', 4), lease(1, null, 2)],
      held: none,
      releasing: none,
    })
    expect(take).toContainEqual(lease(0, 'b', 4))
    expect(take).toContainEqual({ partition: 3, holder: null, epoch: 0, revision: 0 })
    expect(take).toHaveLength(4)
  })

  test('takes over from an earlier process of its own name', () => {
    const live = [{ ...member('a'), incarnation: 'a#2' }]
    const { take } = plan({
      self: { instance: 'a', incarnation: 'a#2' },
      partitions: 1,
      live,
      leases: [lease(0, 'a')],
      held: none,
      releasing: none,
    })
    expect(take).toHaveLength(1)
  })

  test('gives what is beyond its share, and takes nothing that it is still releasing', () => {
    const leases = [0, 1, 2, 3].map((partition) => lease(partition, 'a'))
    const { give } = plan({ self, partitions: 4, live: both, leases, held: new Set([0, 1, 2, 3]), releasing: none })
    expect(give).toEqual([3, 2])
    const after = plan({
      self,
      partitions: 4,
      live: [member('a')],
      leases,
      held: new Set([0, 1]),
      releasing: new Set([2, 3]),
    })
    expect(after).toEqual({ take: [], give: [] })
  })
})
