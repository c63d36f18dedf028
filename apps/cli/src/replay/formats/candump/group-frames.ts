/**
 * CAN frames of a log as the frames of a device. Owns: which of them travel together.
 *
 * Invariants:
 * 1. A group spans `windowMs`, or longer while a message of several frames is on its way: SAE J1939 leaves up to 200 ms between
 *    two packets, ISO 15765-2 up to a second. At most `mostMs` and `mostFrames`, so that a message that never ends holds up nothing.
 * 2. A group with a DM1 has that of every ECU which was heard within `silentMs`: ingest takes the codes of a frame as all that are
 *    active, and each ECU sends its own list once a second. What a sender did not repeat in time is repeated for it.
 * 3. Frames keep their order.
 */
import { dm1Pgn, isObdResponse, parseJ1939Id, type CanFrame, type CandumpFrame } from '@pitcrew/signals'

const windowMs = 100
const mostMs = 3_000
const mostFrames = 1_900
/** Three of DM1's periods. */
const silentMs = 3_500

export interface CanGroup {
  /** Of the first frame, as the log has it. */
  timeMs: number
  frames: CanFrame[]
}

interface Dm1 {
  heardMs: number
  frames: CanFrame[]
}

interface Transfer {
  packets: number
  frames: CanFrame[]
  isDm1: boolean
}

/** `frames` in the order of their times. */
export function* groupFrames(frames: Iterable<CandumpFrame & { timeMs: number }>): Generator<CanGroup> {
  const transfers = new Map<number, Transfer>()
  const lists = new Map<number, Dm1>()
  let group: CanGroup | undefined
  let told = new Set<number>()
  const close = (at: CanGroup): CanGroup => {
    if (told.size === 0) return at
    const missing = [...lists].filter(([source, { heardMs }]) => !told.has(source) && at.timeMs - heardMs < silentMs)
    return { ...at, frames: [...missing.flatMap(([, { frames: list }]) => list), ...at.frames] }
  }
  for (const { id, extended, data, timeMs } of frames) {
    const age = group === undefined ? 0 : timeMs - group.timeMs
    const full = age >= mostMs || (group?.frames.length ?? 0) >= mostFrames
    if (group && (full || (age >= windowMs && transfers.size === 0))) {
      yield close(group)
      group = undefined
      told = new Set()
      if (full) transfers.clear()
    }
    group ??= { timeMs, frames: [] }
    const frame = { id, extended, data }
    group.frames.push(frame)
    const list = follow(frame, transfers)
    if (list === undefined) continue
    told.add(list.source)
    lists.set(list.source, { heardMs: timeMs, frames: list.frames })
  }
  if (group) yield close(group)
}

const connectionManagement = 0xec00
const dataTransfer = 0xeb00
const broadcastAnnounce = 32

/** Keeps account of what is on its way; a DM1 that is whole with this frame comes out. */
function follow(frame: CanFrame, transfers: Map<number, Transfer>): { source: number; frames: CanFrame[] } | undefined {
  const { id, extended, data } = frame
  if (isObdResponse(frame)) {
    followIsoTp(frame, transfers)
    return undefined
  }
  if (!extended) return undefined
  const { pgn, source, destination } = parseJ1939Id(id)
  if (pgn === dm1Pgn) return { source, frames: [frame] }
  const key = (source << 8) | destination
  if (pgn === connectionManagement && data[0] === broadcastAnnounce && data.length === 8) {
    const carried = data[5]! | (data[6]! << 8) | (data[7]! << 16)
    transfers.set(key, { packets: data[3]!, frames: [frame], isDm1: carried === dm1Pgn })
  }
  const transfer = pgn === dataTransfer ? transfers.get(key) : undefined
  if (!transfer) return undefined
  transfer.frames.push(frame)
  if (data[0]! < transfer.packets) return undefined
  transfers.delete(key)
  return transfer.isDm1 ? { source, frames: transfer.frames } : undefined
}

/** Keys beyond those of J1939, which have 16 bits. */
const isoTpKey = (id: number) => 0x1_0000_0000 + id

function followIsoTp({ id, data }: CanFrame, transfers: Map<number, Transfer>): void {
  const key = isoTpKey(id)
  const control = data[0] ?? 0
  if (control >> 4 === 1) {
    const length = ((control & 0x0f) << 8) | (data[1] ?? 0)
    transfers.set(key, { packets: Math.ceil((length - 6) / 7), frames: [], isDm1: false })
  } else if (control >> 4 === 0) transfers.delete(key)
  else {
    const transfer = transfers.get(key)
    if (transfer && control >> 4 === 2 && --transfer.packets <= 0) transfers.delete(key)
  }
}
