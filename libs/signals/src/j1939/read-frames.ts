/** SAE J1939 off the bus: single frames and transported messages, as readings and DM1 codes. */
import type { CanFrame } from '../can/can-frame.ts'
import type { Decoded } from '../raw-measurement.ts'
import { decodePgn, isReadPgn } from './decode-pgn.ts'
import { parseJ1939Id } from './j1939-id.ts'
import { connectionManagement, createTransport, dataTransfer } from './transport.ts'

const none: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: false }

/** A listener on one bus, for frames of 29-bit identifiers in their order. */
export function createJ1939Reader() {
  const transport = createTransport(isReadPgn)
  return {
    accept({ id, data }: CanFrame): Decoded {
      const parsed = parseJ1939Id(id)
      if (parsed.pgn !== connectionManagement && parsed.pgn !== dataTransfer)
        return isReadPgn(parsed.pgn) ? decodePgn(parsed.pgn, data) : none
      const { message, refusals } = transport.accept(parsed, data)
      const decoded = message && isReadPgn(message.pgn) ? decodePgn(message.pgn, message.data) : none
      return refusals.length === 0 ? decoded : { ...decoded, refusals: [...refusals, ...decoded.refusals] }
    },
    /** What was never finished. */
    end: (): Decoded => ({ ...none, refusals: transport.end() }),
  }
}
