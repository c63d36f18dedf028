import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'

const dayParts = ['morning', 'afternoon']

/**
 * What the customer would rather have. The slot of a link stands for itself; otherwise it is what the form said. The slot
 * that was offered counts as refused either way. Throws Terminal BAD_PREFERENCE.
 */
export function preferenceOf(
  form: scheduling.Preference | undefined,
  wanted: scheduling.Slot | undefined,
  offered: scheduling.Slot | undefined,
): scheduling.Preference {
  const refusedSlotIds = offered === undefined ? [] : [offered.slotId]
  if (wanted !== undefined) {
    const { startsAt, endsAt, centreId } = wanted
    return { notBefore: startsAt, notAfter: endsAt, dayParts: [], weekdays: [], centreId, refusedSlotIds }
  }
  return {
    notBefore: moment('not_before', form?.notBefore),
    notAfter: moment('not_after', form?.notAfter),
    dayParts: each('day_parts', form?.dayParts ?? [], (part) => dayParts.includes(part), 'morning or afternoon'),
    weekdays: each(
      'weekdays',
      form?.weekdays ?? [],
      (day) => Number.isInteger(day) && day >= 1 && day <= 7,
      '1 (Monday) to 7',
    ),
    centreId: form?.centreId ?? '',
    refusedSlotIds,
  }
}

function moment(field: string, value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw bad(field, 'a moment as in 2026-11-21T10:00:00Z')
  return new Date(at).toISOString()
}

function each<T>(field: string, values: T[], allowed: (value: T) => boolean, expected: string): T[] {
  if (!values.every(allowed)) throw bad(field, expected)
  return [...new Set(values)]
}

function bad(field: string, expected: string): Terminal {
  return new Terminal('BAD_PREFERENCE', `${field} is not ${expected}`, { hint: 'correct it, or leave it out' })
}
