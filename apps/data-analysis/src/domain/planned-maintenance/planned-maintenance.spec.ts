import { describe, expect, test } from '@jest/globals'
import { generatedDrive } from '../measurement/generated-drive.ts'
import { alone } from '../surroundings.ts'
import { createVehicleState } from '../vehicle-state.ts'
import { watch } from '../watch.ts'
import { addMonths } from './calendar.ts'
import { advanceUsage, checkPlan, dayMs, duePlanOf, isDoneBy, standingOf, type Plan, type Usage } from './index.ts'

const start = Date.UTC(2026, 0, 5)

const plan = (wish: Partial<Plan> = {}): Plan => ({
  planId: 'oil',
  what: 'oil service',
  vehicleId: 'truck-1',
  vehicleModel: '',
  every: { km: 15_000, months: 12 },
  notice: { share: 0.1 },
  system: 'LUBRICATION',
  component: 'engine oil',
  parts: ['oil filter'],
  labourHours: 0.7,
  reason: '',
  ...wish,
})

/** Seeded, uniform over 0 to 1 (Numerical Recipes' congruential generator). */
function random(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/** Read every six hours; `kmOfDay` is driven between 8 and 18 o'clock. */
function driven(days: number, kmOfDay: (day: number) => number, from = 50_000): Usage {
  let usage: Usage | undefined
  let km = from
  for (let day = 0; day < days; day++)
    for (const share of [0, 0.25, 0.5, 0.75]) {
      if (share === 0.5 || share === 0.75) km += kmOfDay(day) / 2
      const atMs = start + (day + share) * dayMs
      usage = advanceUsage(usage, { km: { value: km, atMs } })
    }
  return usage!
}

describe('L3 how a vehicle is used', () => {
  test('L3 the rate is of days, with their rests', () => {
    expect(driven(40, () => 200).distance!.perDay).toBeCloseTo(200, -1)
    const weekdays = driven(120, (day) => (day % 7 < 5 ? 280 : 0)).distance!
    expect(weekdays.perDay).toBeGreaterThan(170)
    expect(weekdays.perDay).toBeLessThan(230)
  })

  test('L3 one long journey hardly moves it, and a changed life does within two months', () => {
    expect(driven(60, (day) => (day === 58 ? 1_400 : 100)).distance!.perDay).toBeLessThan(115)
    expect(driven(120, (day) => (day < 60 ? 100 : 300)).distance!.perDay).toBeGreaterThan(220)
  })

  test('L3 old, repeated and impossible readings add nothing, and a new instrument is followed', () => {
    const usage = driven(30, () => 100)
    const at = (days: number, value: number) => advanceUsage(usage, { km: { value, atMs: start + days * dayMs } })
    expect(at(10, 90_000)).toEqual(usage)
    for (const [value] of [[900_000], [12]] as const) {
      const after = at(31, value).distance!
      expect(after.perDay).toBe(usage.distance!.perDay)
      expect(after.last).toBe(value)
    }
  })
})

describe('L3 when a plan is due', () => {
  const nowMs = start + 60 * dayMs
  const record = (kmOfDay: number) => ({
    sinceMs: start,
    seenMs: nowMs,
    usage: driven(60, () => kmOfDay),
    done: undefined,
  })

  test('L3 whichever comes first: distance for who drives much, the date for who does not', () => {
    const much = standingOf(plan(), record(200), nowMs)
    expect(much).toMatchObject({ state: 'scheduled', first: 'distance', silent: false })
    expect((much.dueAt!.medianMs - start) / dayMs).toBeGreaterThan(70)
    expect((much.dueAt!.medianMs - start) / dayMs).toBeLessThan(80)
    const little = standingOf(plan(), record(10), nowMs)
    expect(little.first).toBe('date')
    expect(little.dueAt!.medianMs).toBe(addMonths(start, 12))
  })

  test('L3 it comes due within its notice, and is over after it', () => {
    expect(standingOf(plan({ notice: { share: 0.3 } }), record(200), nowMs).state).toBe('due')
    expect(standingOf(plan({ notice: { share: 0.1, km: 3_200 } }), record(200), nowMs).state).toBe('due')
    expect(standingOf(plan({ notice: { share: 0, days: 20 } }), record(200), nowMs).state).toBe('due')
    expect(standingOf(plan({ every: { km: 10_000 } }), record(200), nowMs)).toMatchObject({ state: 'overdue' })
  })

  test('L3 it counts from when it was done, and without an odometer then from what it must have been', () => {
    const done = (km?: number) =>
      standingOf(
        plan({ every: { km: 15_000 } }),
        { ...record(200), done: { source: 'recorded', atMs: start + 50 * dayMs, ...(km && { km }), note: '' } },
        nowMs,
      ).countdowns[0]!.remaining
    expect(done(60_000)).toBeCloseTo(13_000, -2)
    expect(Math.abs(done() - 13_000)).toBeLessThan(400)
  })

  test('L3 a vehicle that sends nothing is due by date, and is said to be silent', () => {
    const standing = standingOf(
      plan(),
      { sinceMs: nowMs - 360 * dayMs, seenMs: undefined, usage: undefined, done: undefined },
      nowMs,
    )
    expect(standing).toMatchObject({ state: 'due', first: 'date', silent: true })
    expect(standing.explanation).toContain('no record of it')
    const unknown = standingOf(
      plan({ every: { km: 15_000 } }),
      { sinceMs: 0, seenMs: nowMs, usage: undefined, done: undefined },
      nowMs,
    )
    expect(unknown).toMatchObject({ state: 'scheduled', first: 'distance', countdowns: [] })
  })

  test('L3 nine of ten intervals hold the day on which the distance is reached', () => {
    let held = 0
    let width = 0
    const vehicles = 200
    for (let vehicle = 0; vehicle < vehicles; vehicle++) {
      const next = random(vehicle + 1)
      const usual = 50 + 250 * next()
      const days = Array.from({ length: 400 }, (_, day) => (day % 7 < 5 ? usual * 2 * next() : 60 * next()))
      const usage = driven(60, (day) => days[day]!)
      const standing = standingOf(plan({ every: { km: 15_000 } }), { ...record(0), usage }, nowMs)
      let km = usage.distance!.last
      let day = 60
      while (km < 65_000 && day < 400) km += days[day++]!
      const atMs = start + day * dayMs
      const { lowerMs, medianMs, upperMs } = standing.dueAt!
      width += (upperMs - lowerMs) / (medianMs - nowMs)
      if (atMs >= lowerMs - dayMs && atMs <= upperMs + dayMs) held++
    }
    expect(held / vehicles).toBeGreaterThan(0.88)
    // Wide enough for weeks that are not alike, and no wider than a planner can use.
    expect(width / vehicles).toBeLessThan(0.6)
  })

  test('L3 months end where they end', () => {
    expect(new Date(addMonths(Date.UTC(2026, 0, 31, 7), 1)).toISOString()).toBe('2026-02-28T07:00:00.000Z')
    expect(new Date(addMonths(Date.UTC(2024, 1, 29), 12)).toISOString()).toBe('2025-02-28T00:00:00.000Z')
  })
})

describe('L3 a plan and its alert', () => {
  const nowMs = start + 60 * dayMs
  const due = (every: Plan['every']) => {
    const one = plan({ every })
    return duePlanOf(
      one,
      standingOf(one, { sinceMs: start, seenMs: nowMs, usage: driven(60, () => 200), done: undefined }, nowMs),
      nowMs,
    )
  }
  const told = (around: Parameters<typeof watch>[2], codes: string[] = []) => {
    const state = createVehicleState('truck-1')
    const frames = generatedDrive(1, 20)
    return { state, decisions: frames.flatMap((frame) => watch(state, { ...frame, dtcs: codes }, around).decisions) }
  }

  test('L3 what is due raises one alert of its system, of at most medium urgency however long it is over', () => {
    for (const every of [{ km: 12_500 }, { km: 3_000 }]) {
      const { decisions } = told({ ...alone, due: [due(every)] })
      expect(decisions).toMatchObject([
        {
          kind: 'raise',
          assessment: {
            system: 'LUBRICATION',
            urgency: 'MEDIUM',
            evidence: [{ detector: 'planned-maintenance', feature: 'planned-oil' }],
          },
        },
      ])
    }
  })

  test('L3 beside other evidence of its system it is one alert, and as urgent as that evidence', () => {
    const { decisions } = told({ ...alone, due: [due({ km: 3_000 })] }, ['P0524'])
    const raised = decisions.filter(({ kind }) => kind === 'raise')
    expect(raised).toHaveLength(1)
    expect(raised).toMatchObject([
      {
        assessment: {
          system: 'LUBRICATION',
          urgency: told(alone, ['P0524']).decisions.map((one) =>
            one.kind === 'raise' ? one.assessment.urgency : '',
          )[0],
        },
      },
    ])
  })

  test('L3 once it is done its alert is cleared, and not raised again', () => {
    const { state } = told({ ...alone, due: [due({ km: 3_000 })] })
    const later = generatedDrive(2, 30).map((frame) => ({ ...frame, timeMs: frame.timeMs + 3_600_000 }))
    expect(later.flatMap((frame) => watch(state, frame, alone).decisions)).toMatchObject([{ kind: 'clear' }])
  })

  test('L3 a visit has done it when it replaced its component or a part, however that is spelled', () => {
    expect(isDoneBy(plan(), 'Oil_Filter')).toBe(true)
    expect(isDoneBy(plan(), 'engine  oil')).toBe(true)
    expect(isDoneBy(plan(), 'oil pump')).toBe(false)
    expect(isDoneBy(plan({ component: '' }), '')).toBe(false)
  })

  test('L3 a plan says what is done, for whom and how often', () => {
    const refused = (wish: Partial<Plan>) => {
      try {
        checkPlan(plan(wish))
      } catch (thrown) {
        return (thrown as { code: string }).code
      }
      return 'taken'
    }
    expect(refused({})).toBe('taken')
    for (const wish of [
      { planId: 'a b' },
      { what: ' ' },
      { vehicleModel: 'etios' },
      { vehicleId: '' },
      { every: {} },
      { every: { km: 0 } },
      { every: { months: 1.5 } },
      { notice: { share: 1 } },
      { notice: { share: 0.1, km: 15_000 } },
      { labourHours: -1 },
    ])
      expect(refused(wish)).toBe('BAD_PLAN')
  })
})
