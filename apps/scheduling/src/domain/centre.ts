import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { Temporal } from 'temporal-polyfill'
import { isWeekday } from './job.ts'

const identifier = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const opening = /^([01]\d|2[0-3]):[0-5]\d$/
const closing = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/

/** A centre that can be planned with, or a failure that names the field. @throws Terminal BAD_CENTRE */
export function checkedCentre(centre: scheduling.Centre | undefined): scheduling.Centre {
  if (centre === undefined) throw badCentre('centre is missing')
  expectIdentifier('centre_id', centre.centreId)
  if (centre.name.trim() === '') throw badCentre('name is empty; expected what customers call the centre')
  if (!isTimeZone(centre.timeZone)) {
    throw badCentre(`time_zone is "${centre.timeZone}"; expected an IANA zone such as "America/Sao_Paulo"`)
  }
  expectSome('opening_hours', centre.openingHours)
  centre.openingHours.forEach(checkOpeningHours)
  expectSome('bays', centre.bays)
  centre.bays.forEach((bay) => expectIdentifier('bays', bay))
  expectDistinct('bays', centre.bays)
  expectSome('technicians', centre.technicians)
  for (const { technicianId, skills } of centre.technicians) {
    expectIdentifier('technicians.technician_id', technicianId)
    expectSome(`technicians "${technicianId}" skills`, skills)
    if (skills.includes('')) throw badCentre(`technicians "${technicianId}" has an empty skill`)
  }
  expectDistinct(
    'technicians',
    centre.technicians.map((one) => one.technicianId),
  )
  return centre
}

function checkOpeningHours({ weekday, opens, closes }: scheduling.OpeningHours): void {
  if (!isWeekday(weekday)) throw badCentre(`opening_hours.weekday is ${weekday}; expected 1 (Monday) to 7 (Sunday)`)
  if (!opening.test(opens)) throw badCentre(`opening_hours.opens is "${opens}"; expected "00:00" to "23:59"`)
  if (!closing.test(closes)) throw badCentre(`opening_hours.closes is "${closes}"; expected "00:01" to "24:00"`)
  if (opens >= closes)
    throw badCentre(`opening_hours of weekday ${weekday}: opens ${opens} is not before closes ${closes}`)
}

function expectIdentifier(field: string, value: string): void {
  if (!identifier.test(value))
    throw badCentre(`${field} is "${value}"; expected 1 to 64 letters, digits, ".", "_" or "-"`)
}

function expectSome(field: string, values: readonly unknown[]): void {
  if (values.length === 0) throw badCentre(`${field} is empty; expected at least one`)
}

function expectDistinct(field: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) throw badCentre(`${field} names "${twice}" twice`)
}

function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

function badCentre(message: string): Terminal {
  return new Terminal('BAD_CENTRE', message, { hint: 'correct the centre and send it again whole' })
}
