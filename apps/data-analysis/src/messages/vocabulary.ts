/** The domain's words as the contracts spell them, and back. */
import { vehicle, type model } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { vehicleSystems, type VehicleSystem } from '@pitcrew/signals'
import type { HoursInterval, Urgency } from '../domain/index.ts'
import type { AuditRecord } from '../handlers/audit-record.ts'

const systemMessages: Record<VehicleSystem, vehicle.VehicleSystem> = {
  COOLING: vehicle.VehicleSystem.COOLING,
  CHARGING: vehicle.VehicleSystem.CHARGING,
  BATTERY: vehicle.VehicleSystem.BATTERY,
  FUEL_AIR: vehicle.VehicleSystem.FUEL_AIR,
  IGNITION: vehicle.VehicleSystem.IGNITION,
  EMISSIONS: vehicle.VehicleSystem.EMISSIONS,
  BRAKES: vehicle.VehicleSystem.BRAKES,
  TYRES: vehicle.VehicleSystem.TYRES,
  LUBRICATION: vehicle.VehicleSystem.LUBRICATION,
  TRANSMISSION: vehicle.VehicleSystem.TRANSMISSION,
}

const urgencyMessages: Record<Urgency, vehicle.Urgency> = {
  LOW: vehicle.Urgency.LOW,
  MEDIUM: vehicle.Urgency.MEDIUM,
  HIGH: vehicle.Urgency.HIGH,
  CRITICAL: vehicle.Urgency.CRITICAL,
}

export const systemMessage = (system: VehicleSystem): vehicle.VehicleSystem => systemMessages[system]
export const urgencyMessage = (urgency: Urgency): vehicle.Urgency => urgencyMessages[urgency]

/** Throws Terminal BAD_SYSTEM for the unspecified one. */
export function systemOf(message: vehicle.VehicleSystem): VehicleSystem {
  const system = vehicleSystems.find((entry) => systemMessages[entry] === message)
  if (system === undefined)
    throw new Terminal(
      'BAD_SYSTEM',
      `system is ${message}: expected one of ${Object.values(systemMessages).join(', ')}`,
    )
  return system
}

export const intervalMessage = ({ lowerHours, medianHours, upperHours }: HoursInterval): vehicle.TimeToFailure => ({
  lowerHours,
  medianHours,
  upperHours,
})

export const isoTime = (ms: number): string => new Date(ms).toISOString()

export const auditMessage = ({ atMs, detail, ...record }: AuditRecord): model.AuditEntry => ({
  ...record,
  at: isoTime(atMs),
  detail: JSON.stringify(detail),
})
