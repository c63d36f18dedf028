/**
 * A frame holds the transitions of a moment. On the log it is
 *
 *     byte 0-3   CRC-32 of the frame before it (big-endian; 0 for the first)
 *     byte 4-7   CRC-32 of bytes 0-3 and the body
 *     byte 8-    the body: JSON array of entries, see `Packed`
 *
 * so that the frames form a chain, and one that was changed, lost or doubled on disk is found when the log is read.
 */
import { crc32 } from 'node:zlib'
import { Terminal } from '@pitcrew/errors'
import type { WorkflowEvent } from '../core/event.ts'
import type { Json } from '../definition/json.ts'
import type { WorkflowState } from '../core/state.ts'
import type { PendingApproval } from './approvals.ts'

/** One transition and what can be seen of the workflow after it. */
export interface Entry {
  id: string
  /** Number of the transition within its workflow. */
  revision: number
  event: WorkflowEvent
  after: View
}

export interface View {
  definition: string
  status: WorkflowState['status']
  phase: string
  attributes: { [name: string]: Json }
  /** 0 to 100. */
  progress: number
  startedAt: number
  outcome?: string
  failure?: WorkflowState['failure']
  /** Paths that wait, run or back off now. */
  active: string[]
  /** With the last transition: input and outputs, for the history. */
  values?: { [path: string]: Json }
  /** With the last transition: what the definition's `result` gave; null without one. */
  output?: Json
  /** Decisions of people that it waits for. */
  approvals?: PendingApproval[]
  trace?: string
}

/** Positions instead of names: a log holds millions of them. */
type Packed = [
  id: string,
  revision: number,
  event: WorkflowEvent,
  definition: string,
  status: View['status'],
  phase: string,
  progress: number,
  startedAt: number,
  active: string[],
  attributes: View['attributes'],
  rest?: Pick<View, 'outcome' | 'failure' | 'values' | 'output' | 'approvals' | 'trace'>,
]

/** @param event the event as JSON */
export function encodeEntry(id: string, revision: number, event: string, after: View): string {
  const { definition, status, phase, progress, startedAt, active, attributes, ...rest } = after
  const view = [definition, status, phase, progress, startedAt, active, attributes]
  if (Object.keys(rest).length > 0) view.push(rest as never)
  return `[${JSON.stringify(id)},${revision},${event},${JSON.stringify(view).slice(1)}`
}

function decodeEntry(packed: Packed): Entry {
  const [id, revision, event, definition, status, phase, progress, startedAt, active, attributes, rest] = packed
  return {
    id,
    revision,
    event,
    after: { definition, status, phase, progress, startedAt, active, attributes, ...rest },
  }
}

export function encodeFrame(entries: string[], previous: number): { frame: Uint8Array; checksum: number } {
  const body = Buffer.from(`[${entries.join(',')}]`)
  const frame = Buffer.allocUnsafe(8 + body.length)
  frame.writeUInt32BE(previous, 0)
  body.copy(frame, 8)
  const checksum = crc32(body, crc32(frame.subarray(0, 4)))
  frame.writeUInt32BE(checksum, 4)
  return { frame, checksum }
}

/**
 * @param previous checksum of the frame before; undefined when that is not known (the log's first frame after a cut)
 * @throws Terminal LOG_DAMAGED
 */
export function decodeFrame(
  data: Uint8Array,
  previous?: number,
): { entries: Entry[]; checksum: number; previous: number } {
  const frame = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (frame.length < 10) throw new Terminal('LOG_DAMAGED', `a frame of ${frame.length} bytes is too short`)
  const claimed = { previous: frame.readUInt32BE(0), checksum: frame.readUInt32BE(4) }
  if (crc32(frame.subarray(8), crc32(frame.subarray(0, 4))) !== claimed.checksum) {
    throw new Terminal('LOG_DAMAGED', 'a frame does not match its checksum', { hint: 'restore the log from a backup' })
  }
  if (previous !== undefined && claimed.previous !== previous) {
    throw new Terminal('LOG_DAMAGED', 'a frame does not follow the one before it: one is missing or doubled', {
      hint: 'restore the log from a backup',
    })
  }
  return { entries: (JSON.parse(frame.toString('utf8', 8)) as Packed[]).map(decodeEntry), ...claimed }
}
