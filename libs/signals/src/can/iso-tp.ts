/**
 * ISO 15765-2: responses of ECUs to a tester that are longer than a CAN frame. A listener: it sends no flow control.
 *
 * Invariants:
 * 1. At most `mostSenders` transfers are open, of at most 4095 bytes each; the oldest gives way.
 * 2. A message comes out once and whole, or not at all: a lost frame ends its transfer with a refusal.
 * 3. The same consecutive frame twice in a row counts once.
 */
import type { RawRefusal } from '../raw-measurement.ts'
import { canId, type CanFrame } from './can-frame.ts'

/** Two legislated sets of eight ECUs are far below this. */
const mostSenders = 32

interface Transfer {
  sender: string
  bytes: Uint8Array
  filled: number
  /** Sequence number of the last consecutive frame, 0 to 15. */
  sequence: number
}

export interface IsoTpStep {
  message?: Uint8Array
  refusals: RawRefusal[]
}

/** ISO 15765-4: 7E8 to 7EF, or 18DAF1 and the ECU's address. */
export const isObdResponse = ({ id, extended }: CanFrame): boolean =>
  extended ? (id & 0x1fffff00) === 0x18daf100 : id >= 0x7e8 && id <= 0x7ef

const nothing: IsoTpStep = { refusals: [] }

export function createIsoTp() {
  const open = new Map<number, Transfer>()

  const lost = ({ sender, bytes, filled }: Transfer, why: string): RawRefusal => ({
    name: `can ${sender}`,
    code: 'INCOMPLETE_TRANSFER',
    message: `${filled} of ${bytes.length} bytes came from ${sender}, then ${why}: expected the whole response`,
  })

  function begin(frame: CanFrame): IsoTpStep {
    const refusals = drop(frame.id, 'another response began')
    const length = ((frame.data[0]! & 0x0f) << 8) | (frame.data[1] ?? 0)
    if (length < 8 || frame.data.length < 8) return bad(frame, refusals, `its first frame announces ${length} bytes`)
    if (open.size >= mostSenders) refusals.push(...drop(open.keys().next().value!, 'too many others began'))
    const transfer = { sender: canId(frame), bytes: new Uint8Array(length), filled: 6, sequence: 0 }
    transfer.bytes.set(frame.data.subarray(2, 8))
    open.set(frame.id, transfer)
    return { refusals }
  }

  function goOn(frame: CanFrame): IsoTpStep {
    const transfer = open.get(frame.id)
    if (!transfer) return bad(frame, [], 'a consecutive frame came without a first one')
    const sequence = frame.data[0]! & 0x0f
    if (sequence === transfer.sequence && transfer.filled > 6) return nothing
    if (sequence !== (transfer.sequence + 1) % 16) return { refusals: drop(frame.id, 'a frame was lost') }
    const part = frame.data.subarray(1, 1 + Math.min(7, transfer.bytes.length - transfer.filled))
    if (part.length < 7 && transfer.filled + part.length < transfer.bytes.length)
      return { refusals: drop(frame.id, 'a frame was cut short') }
    transfer.bytes.set(part, transfer.filled)
    transfer.filled += part.length
    transfer.sequence = sequence
    if (transfer.filled < transfer.bytes.length) return nothing
    open.delete(frame.id)
    return { message: transfer.bytes, refusals: [] }
  }

  function drop(id: number, why: string): RawRefusal[] {
    const transfer = open.get(id)
    if (!transfer) return []
    open.delete(id)
    return [lost(transfer, why)]
  }

  return {
    accept(frame: CanFrame): IsoTpStep {
      const control = frame.data[0]
      if (control === undefined) return bad(frame, [], 'it has no bytes')
      if (control >> 4 === 1) return begin(frame)
      if (control >> 4 === 2) return goOn(frame)
      // Flow control is the tester's and the ECU's affair.
      if (control >> 4 === 3) return nothing
      const length = control & 0x0f
      if (control >> 4 !== 0 || length === 0 || length > frame.data.length - 1)
        return bad(frame, [], `its control byte is ${control.toString(16).padStart(2, '0')}`)
      return { message: frame.data.subarray(1, 1 + length), refusals: drop(frame.id, 'another response began') }
    },
    /** What was never finished. */
    end: (): RawRefusal[] => [...open.keys()].flatMap((id) => drop(id, 'no more')),
  }
}

function bad(frame: CanFrame, refusals: RawRefusal[], what: string): IsoTpStep {
  const message = `${what}: expected a frame of ISO 15765-2`
  return { refusals: [...refusals, { name: `can ${canId(frame)}`, code: 'BAD_TRANSPORT_FRAME', message }] }
}
