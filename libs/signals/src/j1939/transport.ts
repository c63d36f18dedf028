/**
 * SAE J1939-21 transport protocol: messages of 9 to 1785 bytes in packets of seven, announced by TP.CM (BAM to everyone, RTS
 * to one) and carried by TP.DT. A listener: it sends neither CTS nor acknowledgement.
 *
 * Invariants:
 * 1. At most `mostTransfers` are open, of at most 1785 bytes each; the oldest gives way. A sender has one to each receiver.
 * 2. A message comes out once and whole, or not at all. Packets may come twice, and after an RTS in any order.
 * 3. What was announced and never finished is told at the end, if anyone here reads that message.
 */
import type { RawRefusal } from '../raw-measurement.ts'
import type { J1939Id } from './j1939-id.ts'

export const connectionManagement = 0xec00
export const dataTransfer = 0xeb00

const mostTransfers = 32
const requestToSend = 16
const broadcastAnnounce = 32
const abort = 255

interface Transfer {
  pgn: number
  source: number
  bytes: Uint8Array
  /** By packet, from 0. */
  received: Uint8Array
  missing: number
  wanted: boolean
}

export interface TransportStep {
  message?: { pgn: number; source: number; data: Uint8Array }
  refusals: RawRefusal[]
}

const nothing: TransportStep = { refusals: [] }

/** `wanted`: whether anyone here reads messages of that PGN. */
export function createTransport(wanted: (pgn: number) => boolean) {
  const open = new Map<number, Transfer>()
  const orphans = new Set<number>()
  const keyOf = ({ source, destination }: J1939Id) => (source << 8) | destination

  function drop(key: number, why: string): RawRefusal[] {
    const transfer = open.get(key)
    if (!transfer) return []
    open.delete(key)
    if (!transfer.wanted) return []
    const { pgn, missing, received } = transfer
    return [refusal(pgn, transfer.source, `${missing} of ${received.length} packets are missing, ${why}`)]
  }

  function announce(id: J1939Id, data: Uint8Array): TransportStep {
    const control = data[0]
    const key = keyOf(id)
    if (control === abort) return { refusals: drop(key, 'the sender gave up') }
    if (control !== requestToSend && control !== broadcastAnnounce) return nothing
    const refusals = drop(key, 'another message began')
    const size = (data[1] ?? 0) | ((data[2] ?? 0) << 8)
    const packets = data[3] ?? 0
    const pgn = (data[5] ?? 0) | ((data[6] ?? 0) << 8) | ((data[7] ?? 0) << 16)
    if (data.length < 8 || size < 9 || size > 1785 || packets !== Math.ceil(size / 7))
      return { refusals: [...refusals, refusal(pgn, id.source, `${size} bytes are announced in ${packets} packets`)] }
    if (open.size >= mostTransfers) refusals.push(...drop(open.keys().next().value!, 'too many others began'))
    const received = new Uint8Array(packets)
    open.set(key, {
      ...{ pgn, source: id.source, received, missing: packets, wanted: wanted(pgn) },
      bytes: new Uint8Array(size),
    })
    return { refusals }
  }

  function carry(id: J1939Id, data: Uint8Array): TransportStep {
    const key = keyOf(id)
    const transfer = open.get(key)
    if (!transfer) return orphan(id, key)
    const index = (data[0] ?? 0) - 1
    if (index < 0 || index >= transfer.received.length || transfer.received[index] === 1) return nothing
    const part = data.subarray(1, 1 + Math.min(7, transfer.bytes.length - 7 * index))
    if (part.length < Math.min(7, transfer.bytes.length - 7 * index)) return nothing
    transfer.bytes.set(part, 7 * index)
    transfer.received[index] = 1
    if (--transfer.missing > 0) return nothing
    open.delete(key)
    const { pgn, source, bytes } = transfer
    return { message: { pgn, source, data: bytes }, refusals: [] }
  }

  function orphan({ source }: J1939Id, key: number): TransportStep {
    if (orphans.has(key)) return nothing
    orphans.add(key)
    return { refusals: [refusal(dataTransfer, source, 'packets came without their announcement')] }
  }

  return {
    accept: (id: J1939Id, data: Uint8Array): TransportStep =>
      id.pgn === connectionManagement ? announce(id, data) : carry(id, data),
    end: (): RawRefusal[] => [...open.keys()].flatMap((key) => drop(key, 'and no more came')),
  }
}

const refusal = (pgn: number, source: number, what: string): RawRefusal => ({
  name: `j1939 PGN ${pgn} from ${source}`,
  code: 'INCOMPLETE_TRANSFER',
  message: `${what}: expected a whole message of SAE J1939-21`,
})
