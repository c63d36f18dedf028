/**
 * A slot is a centre and a start; how long it lasts follows from the job. Its id says both, so that an offer which was
 * never stored can still be chosen, refused or rescheduled to: "riverside~20261123T090000Z".
 */
import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Interval } from './interval.ts'

export interface SlotKey {
  centreId: string
  start: number
}

export function slotId({ centreId, start }: SlotKey): string {
  return `${centreId}~${new Date(start).toISOString().replace(/\.\d{3}|[-:]/g, '')}`
}

/** @throws Terminal BAD_SLOT */
export function parseSlotId(id: string): SlotKey {
  const match = /^(.+)~(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(id)
  const start =
    match === null ? NaN : Date.parse(`${match[2]}-${match[3]}-${match[4]}T${match[5]}:${match[6]}:${match[7]}Z`)
  if (match?.[1] === undefined || Number.isNaN(start)) {
    throw new Terminal('BAD_SLOT', `"${id}" is not a slot id; expected <centre>~<yyyymmdd>T<hhmmss>Z`, {
      hint: 'take the slot id from an offer or from ListSlots',
    })
  }
  return { centreId: match[1], start }
}

export function toSlot(
  centre: Pick<scheduling.Centre, 'centreId' | 'name' | 'timeZone'>,
  span: Interval,
): scheduling.Slot {
  return {
    slotId: slotId({ centreId: centre.centreId, start: span.start }),
    centreId: centre.centreId,
    centreName: centre.name,
    timeZone: centre.timeZone,
    startsAt: new Date(span.start).toISOString(),
    endsAt: new Date(span.end).toISOString(),
  }
}
