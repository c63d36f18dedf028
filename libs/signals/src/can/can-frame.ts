import type { RawRefusal } from '../raw-measurement.ts'

export interface CanFrame {
  /** 29 bits if `extended`, otherwise 11. */
  id: number
  extended: boolean
  /** At most 8 bytes. */
  data: Uint8Array
}

/** "18FEEE00", "7E8". */
export const canId = ({ id, extended }: Pick<CanFrame, 'id' | 'extended'>): string =>
  id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0')

/** Why this is no frame of classic CAN, if it is none. */
export function canRefusal(frame: CanFrame): RawRefusal | undefined {
  const highest = frame.extended ? 0x1fffffff : 0x7ff
  const bad = (message: string): RawRefusal => ({ name: `can ${canId(frame)}`, code: 'BAD_CAN_FRAME', message })
  if (!Number.isInteger(frame.id) || frame.id < 0 || frame.id > highest)
    return bad(`id is ${frame.id}: expected ${frame.extended ? '29' : '11'} bits`)
  if (frame.data.length > 8) return bad(`the frame has ${frame.data.length} data bytes: expected at most 8`)
  return undefined
}
