/** A J1939 code as text, "SPN110-FMI0", and what it says, from the SPN's name and the FMI's. */
import type { FaultCode, FaultSeverity } from '../fault-code.ts'
import { driverActionOf } from '../fault-codes/driver-action.ts'
import { faultSpn, type FaultSpn } from './fault-spns.ts'
import { fmiOf, type Fmi } from './fmis.ts'

/** 19 bits and 5 bits. */
const highestSpn = 524_287
const highestFmi = 31

/** The numbers of "SPN110-FMI0", or undefined for any other text; numbers have no leading zeros. */
export function parseJ1939Code(text: string): { spn: number; fmi: number } | undefined {
  const match = /^SPN([1-9]\d{0,5})-FMI(\d|[1-3]\d)$/.exec(text)
  if (!match) return undefined
  const spn = Number(match[1])
  const fmi = Number(match[2])
  return spn > highestSpn || fmi > highestFmi ? undefined : { spn, fmi }
}

/** Undefined when the text is no such code, or the SPN or the FMI is not in the tables. */
export function j1939FaultCode(text: string): FaultCode | undefined {
  const parsed = parseJ1939Code(text)
  const spn = parsed && faultSpn(parsed.spn)
  const fmi = parsed && fmiOf(parsed.fmi)
  if (!spn || !fmi) return undefined
  const severity = severityOf(spn, fmi)
  return {
    code: text,
    system: spn.system,
    meaning: `${spn.name}: ${fmi.meaning}`,
    severity,
    likelyCauses: causesOf(spn, fmi),
    driverAction: driverActionOf(severity),
  }
}

/** An out-of-range value is worse at the end that does the damage; a fault of the sensor is no worse for it. */
function severityOf({ gravest }: FaultSpn, { kind, severity, worst }: Fmi): FaultSeverity {
  if (kind !== 'HIGH' && kind !== 'LOW') return severity
  if (gravest === undefined) return severity
  if (gravest !== kind) return worst ? 'MEDIUM' : 'LOW'
  if (worst) return 'CRITICAL'
  return severity === 'MEDIUM' ? 'HIGH' : severity
}

function causesOf({ component }: FaultSpn, { kind }: Fmi): string[] {
  switch (kind) {
    case 'HIGH':
    case 'LOW':
      return [component, 'sensor']
    case 'CIRCUIT':
      return ['wiring or connector', 'sensor or actuator']
    case 'DATA':
      return ['sensor', 'wiring or connector', component]
    case 'PART':
      return [component]
    default:
      return kind satisfies never
  }
}
