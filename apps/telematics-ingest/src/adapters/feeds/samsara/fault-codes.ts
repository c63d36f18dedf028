/** The fault codes that a vehicle reports at one time: all that stand, of cars (OBD-II) and of trucks (SAE J1939). */
import { telemetry } from '@pitcrew/contracts'
import { z } from 'zod'
import type { EntryRefusals } from '../../../domain/entry-refusals.ts'
import { codeOf, faultReport, spnFmi } from '../fault-report.ts'
import { instant, isObject, listOf, type JsonObject } from '../provider-json.ts'

export interface StandingFaults {
  timeMs: number
  faults: telemetry.FaultReport[]
}

const { FaultLamp, FaultStatus } = telemetry

/** Undefined, and refused, when it has no time or speaks of neither kind of vehicle. */
export function readFaults(given: unknown, where: string, refusals: EntryRefusals): StandingFaults | undefined {
  if (!isObject(given)) return void refusals.add('BAD_ENTRY', where)
  const time = instant.safeParse(given.time)
  if (!time.success) return void refusals.add('BAD_TIME', where)
  const { j1939, obdii } = isObject(given.value) ? given.value : given
  if (!isObject(j1939) && !isObject(obdii)) return void refusals.add('BAD_ENTRY', where)
  const faults = [
    ...(isObject(j1939) ? truckFaults(j1939, `${where}.j1939`, refusals) : []),
    ...(isObject(obdii) ? carFaults(obdii, `${where}.obdii`, refusals) : []),
  ]
  return { timeMs: time.data, faults }
}

const truckCode = z.object({
  spnId: z.number(),
  fmiId: z.number(),
  occurrenceCount: z.int().min(0).max(126).catch(0),
})

/** The lamps are those of the whole report: J1939 does not tell which code lights which. */
function truckFaults(
  { checkEngineLights, diagnosticTroubleCodes }: JsonObject,
  where: string,
  refusals: EntryRefusals,
) {
  const lights = isObject(checkEngineLights) ? checkEngineLights : {}
  const lamp = lampOf(lights)
  return listOf(diagnosticTroubleCodes).flatMap((entry, i) => {
    const read = truckCode.safeParse(entry)
    const code = read.success ? spnFmi(read.data.spnId, read.data.fmiId) : undefined
    if (read.success && code !== undefined)
      return [faultReport(code, { status: FaultStatus.CONFIRMED, lamp, occurrences: read.data.occurrenceCount })]
    refusals.add('BAD_FAULT_CODE', `${where}[${i}]`)
    return []
  })
}

function lampOf({ stopIsOn, warningIsOn, emissionsIsOn, protectIsOn }: JsonObject): telemetry.FaultLamp {
  if (stopIsOn === true) return FaultLamp.RED_STOP
  if (emissionsIsOn === true) return FaultLamp.MALFUNCTION
  if (warningIsOn === true) return FaultLamp.AMBER_WARNING
  return protectIsOn === true ? FaultLamp.PROTECT : FaultLamp.UNSPECIFIED
}

const lists = [
  ['confirmedDtcs', FaultStatus.CONFIRMED],
  ['pendingDtcs', FaultStatus.PENDING],
  ['permanentDtcs', FaultStatus.PERMANENT],
] as const

function carFaults({ diagnosticTroubleCodes }: JsonObject, where: string, refusals: EntryRefusals) {
  return listOf(diagnosticTroubleCodes).flatMap((unit, i) => {
    if (!isObject(unit)) return (refusals.add('BAD_ENTRY', `${where}[${i}]`), [])
    const lit = unit.milStatus === true ? FaultLamp.MALFUNCTION : FaultLamp.UNSPECIFIED
    return lists.flatMap(([list, status]) =>
      listOf(unit[list]).flatMap((entry, at) => {
        const text = isObject(entry) ? entry.dtcShortCode : undefined
        const code = typeof text === 'string' ? codeOf(text.slice(0, 64)) : undefined
        const lamp = status === FaultStatus.PENDING ? FaultLamp.UNSPECIFIED : lit
        if (code !== undefined) return [faultReport(code, { status, lamp })]
        refusals.add('BAD_FAULT_CODE', `${where}[${i}].${list}[${at}]`)
        return []
      }),
    )
  })
}
