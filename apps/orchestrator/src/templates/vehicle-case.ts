import { vehicle } from '@pitcrew/contracts'
import type { Json } from '@pitcrew/workflow'
import { z } from 'zod'
import { priorityOf } from '../domain/priority.ts'
import { timing } from '../domain/timing.ts'
import { vehicleCase, type CaseInput } from '../domain/vehicle-case.ts'
import type { Template } from './template.ts'

const choice = <T extends string>(values: Record<string, T>, unspecified: T) =>
  z.enum(Object.values(values).filter((value) => value !== unspecified) as [T, ...T[]])

const duration = z.number().int().positive().describe('milliseconds')

const urgency = choice(vehicle.Urgency, vehicle.Urgency.UNSPECIFIED)

/** The rest of an alert is taken as it is: it was checked where it was raised. */
const alert = z.looseObject({
  alertId: z.string().min(1).max(200),
  vehicleId: z.string().min(1).max(200),
  system: choice(vehicle.VehicleSystem, vehicle.VehicleSystem.UNSPECIFIED),
  urgency,
})

/** What a start looks for its case's attributes in. */
export function caseAttributes({ alert: { vehicleId, system, urgency } }: CaseInput): { [name: string]: Json } {
  return { vehicleId, system, urgency, priority: priorityOf[urgency] ?? 4 }
}

/** @param scale of the waiting times of those that are started without times of their own */
export function vehicleCaseTemplate(scale: number): Template {
  const usual = timing(scale)
  return {
    name: 'vehicle-case',
    title: 'Vehicle case',
    description:
      'One failure that a vehicle is heading for: diagnosis, appointment with its driver, repair, and what is learned from it.',
    inputSchema: z.object({
      alert,
      timing: z
        .object({
          reply: z.record(choice(vehicle.Urgency, undefined as never), duration),
          batch: duration,
          approval: duration,
          arrival: duration,
          repair: duration,
          feedback: duration,
        })
        .default(usual)
        .describe('how long the case waits for people'),
    }),
    definition: vehicleCase,
    attributesOf: (input) => caseAttributes(input as unknown as CaseInput),
  }
}
