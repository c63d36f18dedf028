import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { config } from '../config.ts'
import { timing } from '../domain/timing.ts'
import { checkedInput, schemaOf, templates, type Template } from './index.ts'

const all = templates(config.parse({ CASE_TIME_SCALE: 3_600 }))
const named = (name: string) => all.find((one) => one.name === name) as Template

const alert = {
  alertId: 'a1',
  vehicleId: 'v1',
  system: vehicle.VehicleSystem.BRAKES,
  urgency: vehicle.Urgency.CRITICAL,
  evidence: [{ any: 'thing' }],
}

describe('the templates of the product', () => {
  test('F9 each has a name of its own, words for people and a JSON Schema of its input', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const template of all) {
      expect(template.description.length).toBeGreaterThan(20)
      expect(schemaOf(template)).toMatchObject({ type: 'object', properties: expect.any(Object) })
    }
  })

  test('F9 a vehicle case takes an alert as it is, waits as long as is usual here, and is found by what it is about', () => {
    const template = named('vehicle-case')
    const input = checkedInput(template, { alert })
    expect(input).toEqual({ alert, timing: timing(3_600) })
    expect(template.attributesOf?.(input)).toEqual({
      vehicleId: 'v1',
      system: vehicle.VehicleSystem.BRAKES,
      urgency: vehicle.Urgency.CRITICAL,
      priority: 1,
    })
  })

  test('F9 every place that does not fit is named', () => {
    const given = { alert: { ...alert, urgency: 'soon', vehicleId: '' } }
    expect(() => checkedInput(named('vehicle-case'), given)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        details: { wrong: [expect.stringMatching(/^alert.vehicleId: /), expect.stringMatching(/^alert.urgency: /)] },
      }),
    )
    expect(() => checkedInput(named('vehicle-case'), null)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
