import { telemetry } from '@pitcrew/contracts'

/** SAE J1939-73: 19 bits of SPN, 5 bits of FMI. */
const mostSpn = 524_287
const mostFmi = 31

/** "SPN110-FMI0", or undefined when the numbers are none of SAE J1939. */
export function spnFmi(spn: number, fmi: number): string | undefined {
  const right =
    Number.isInteger(spn) && spn >= 0 && spn <= mostSpn && Number.isInteger(fmi) && fmi >= 0 && fmi <= mostFmi
  return right ? `SPN${spn}-FMI${fmi}` : undefined
}

/** A code as providers write it, "P0217", "SPN 110 FMI 0", "110-0", "000110.00", in Pitcrew's form; undefined when it is none. */
export function codeOf(text: string): string | undefined {
  const code = text.trim().toUpperCase()
  // What may follow a dash is the failure type byte of ISO 15031-6, which no reader of ours knows.
  const j2012 = /^([PCBU][0-3][0-9A-F]{3})(?:-[0-9A-F]{2})?$/.exec(code)
  if (j2012) return j2012[1]
  const named = /^(?:J1939\W{0,2})?SPN\W{0,3}(\d{1,6})\W{1,3}FMI\W{0,3}(\d{1,2})$/.exec(code)
  const pair = named ?? /^(\d{1,6})[-.:/, ](\d{1,2})$/.exec(code)
  return pair ? spnFmi(Number(pair[1]), Number(pair[2])) : undefined
}

export const faultReport = (code: string, known: Partial<telemetry.FaultReport> = {}): telemetry.FaultReport => ({
  ...telemetry.FaultReport.create(),
  ...known,
  code,
})
