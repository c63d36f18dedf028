import { describe, expect, test } from '@jest/globals'
import { manufacturing, vehicle } from '@pitcrew/contracts'
import { reportOf, type CapaFacts } from './eight-d.ts'
import { measureImpact } from './impact.ts'
import { renderCapa } from './render-capa.ts'
import { rankRootCauses } from './root-cause.ts'

const failure = (n: number) =>
  manufacturing.FailureRecord.fromPartial({
    failureId: `failure-case-${n}`,
    vehicleId: `v-${n}`,
    model: 'Falcon',
    system: vehicle.VehicleSystem.COOLING,
    component: 'radiator',
    failureMode: 'coolant-leak',
    predictedFailureMode: n === 1 ? 'coolant-leak' : 'thermostat-stuck',
    odometerKm: 20_000 + n * 1000,
    monthsInService: 10 + n,
    repaired: true,
  })

const opened = {
  capaId: 'CAPA-00007',
  component: 'radiator',
  failureMode: 'coolant-leak',
  model: 'Falcon',
  openedAt: '2026-01-01T00:00:00.000Z',
  recurrenceOf: '',
}
const cell = { model: 'Falcon', modelYear: '2024', buildMonth: '2024-03', plant: 'A', vehicles: 100, failed: 4 }
const facts: CapaFacts = {
  capa: { ...opened, status: 'open' },
  failures: [1, 2, 3, 4].map(failure),
  vehicles: 1000,
  factors: rankRootCauses([cell, { ...cell, buildMonth: '2024-04', plant: 'B', vehicles: 900, failed: 0 }]),
  impact: undefined,
}

describe('L7 8D report', () => {
  test('L7 has D0 to D8 in order with numbers taken from the facts', () => {
    const report = reportOf(facts)
    expect(report.sections.map(({ discipline }) => discipline)).toEqual([
      'D0',
      'D1',
      'D2',
      'D3',
      'D4',
      'D5',
      'D6',
      'D7',
      'D8',
    ])
    const problem = report.sections[2]!.text
    expect(problem).toContain('4 failures on 4 vehicles of 1000 registered')
    expect(problem).toContain('4.00 per 1000 vehicles')
    expect(problem).toContain('11 to 14 months in service and 21000 to 24000 km')
    expect(problem).toContain('had named 1 of them')
    expect(report.failureIds).toHaveLength(4)
  })

  test('L7 D4 carries the root-cause table and names what stands out', () => {
    const { text, complete } = reportOf(facts).sections[4]!
    expect(complete).toBe(true)
    expect(text).toContain('build_month 2024-03')
    expect(text).toContain('| build_month | 2024-03 | 4 | 100 |')
  })

  test('L7 a draft says what is open: containment, effectiveness check and FMEA', () => {
    const open = reportOf(facts)
      .sections.filter(({ complete }) => !complete)
      .map(({ discipline }) => discipline)
    expect(open).toEqual(['D3', 'D5', 'D6', 'D7', 'D8'])
  })

  test('L7 D6 states the impact since containment', () => {
    const containment = { at: '2026-02-01T00:00:00.000Z', action: 'stock of lot 7 held' }
    const impact = measureImpact({ failures: 10, vehicleMonths: 100 }, { failures: 1, vehicleMonths: 100 })
    const report = reportOf({ ...facts, capa: { ...opened, status: 'contained', containment }, impact })
    expect(report.status).toBe(manufacturing.CapaStatus.CONTAINED)
    expect(report.sections[3]).toMatchObject({ complete: true, text: expect.stringContaining('stock of lot 7 held') })
    expect(report.sections[6]!.text).toContain('100.000 before containment, 10.000 since (90 % less')
  })

  test('L7 renders as Markdown with each discipline, its state and the failures', () => {
    const page = renderCapa(reportOf(facts))
    expect(page).toMatch(/^# CAPA-00007: radiator, coolant-leak\n/)
    expect(page).toContain('## D4 Root cause [done]')
    expect(page).toContain('## D8 Closure [open]')
    expect(page).toContain('- failure-case-4')
  })
})
