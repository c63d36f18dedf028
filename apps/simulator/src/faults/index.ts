import { Terminal } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import { alternator } from './alternator.ts'
import { batteryDecay } from './battery-decay.ts'
import { catalyst } from './catalyst.ts'
import { coolantLeak } from './coolant-leak.ts'
import type { Development } from './development.ts'
import type { Fault } from './fault.ts'
import { thermostatStuckOpen } from './thermostat-stuck-open.ts'
import { vacuumLeak } from './vacuum-leak.ts'
import { waterPump } from './water-pump.ts'

export { developments, type Development } from './development.ts'
export type { Fault, FaultLimit, FaultParameter } from './fault.ts'

export const faults: readonly Fault[] = [
  coolantLeak,
  thermostatStuckOpen,
  waterPump,
  batteryDecay,
  alternator,
  vacuumLeak,
  catalyst,
]

/** The fault of that name. Throws Terminal UNKNOWN_FAULT, which lists the names there are. */
export function fault(name: string): Fault {
  const found = faults.find((entry) => entry.name === name)
  if (found) return found
  const names = faults.map((entry) => entry.name).join(', ')
  throw new Terminal('UNKNOWN_FAULT', `there is no fault "${name}": expected one of ${names}`, {
    hint: `Use one of: ${names}`,
  })
}

/**
 * A fresh overlay of the named fault for one vehicle; parameters that are not given have their defaults, and it develops
 * linearly unless another way is named. Throws Terminal
 * UNKNOWN_FAULT or UNKNOWN_FAULT_PARAMETER.
 */
export function inject(
  name: string,
  parameters: Record<string, number> = {},
  development?: Development,
): (frame: SignalFrame) => SignalFrame {
  const { parameters: known, overlay, developments } = fault(name)
  if (development !== undefined && !developments.includes(development))
    throw new Terminal(
      'UNKNOWN_FAULT_PARAMETER',
      `${name} does not develop "${development}": expected one of ${developments.join(', ')}`,
    )
  for (const [key, value] of Object.entries(parameters)) {
    if (!Object.hasOwn(known, key) || !Number.isFinite(value))
      throw new Terminal(
        'UNKNOWN_FAULT_PARAMETER',
        `${name} has no parameter ${key} = ${value}: expected a number for one of ${Object.keys(known).join(', ')}`,
      )
  }
  const defaults = Object.fromEntries(Object.entries(known).map(([key, { default: value }]) => [key, value]))
  return overlay({ ...defaults, ...parameters }, development ?? 'linear')
}
