import type { FaultSeverity } from '../fault-code.ts'

const actions: Record<FaultSeverity, string> = {
  CRITICAL: 'Stop as soon as it is safe and switch the engine off.',
  HIGH: 'Have it looked at within days.',
  MEDIUM: 'Have it looked at within weeks.',
  LOW: 'Mention it at the next service.',
}

/** What the driver should do about a fault of which nothing more special is known. */
export const driverActionOf = (severity: FaultSeverity): string => actions[severity]
