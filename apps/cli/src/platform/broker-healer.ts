/**
 * A nats-server whose disk was full refuses to write to its streams until it is started anew, also when there is room again.
 * 1. It is started anew once for each time it says so, and only when there is room.
 * 2. What it says is read from where the last look ended; a log that begins anew is read from its beginning.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'

export interface HealerOptions {
  logFile: string
  /** On the disk of the store. */
  freeBytes: () => number
  restart: () => void
}

export interface Healer {
  /** True while the server refuses to write. */
  sick(): boolean
  look(): void
}

const writeError = /critical write error|no space left on device/i
/** Less would be full again within moments. */
const roomBytes = 64 * 1024 ** 2
/** Of a log that grew by more since the last look, the end. */
const mostBytes = 1024 ** 2

export function brokerHealer({ logFile, freeBytes, restart }: HealerOptions): Healer {
  let read = sizeOf(logFile)
  let sick = false
  return {
    sick: () => sick,
    look() {
      const size = sizeOf(logFile)
      const from = size < read ? 0 : Math.max(read, size - mostBytes)
      if (size > from && writeError.test(textOf(logFile, from, size))) sick = true
      read = size
      if (!sick || freeBytes() < roomBytes) return
      sick = false
      restart()
    },
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

function textOf(file: string, from: number, to: number): string {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(to - from)
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, from))
  } finally {
    closeSync(handle)
  }
}
