import { duration } from '../print/duration.ts'

export interface Progress {
  add(frames: number): void
  done(): void
}

const everyMs = 1_000

/** A line on standard error that is drawn over again, for work of more than a second at a terminal. */
export function createProgress(total: number, out: NodeJS.WriteStream = process.stderr): Progress {
  const began = performance.now()
  let sent = 0
  let drawnAt = began
  let drawn = false
  return {
    add(frames) {
      sent += frames
      const now = performance.now()
      if (!out.isTTY || now - drawnAt < everyMs) return
      drawnAt = now
      drawn = true
      const left = ((now - began) / sent) * (total - sent)
      out.write(`\r  ${Math.floor((100 * sent) / total)} % of ${total} frames, ${duration(left)} to go   `)
    },
    done() {
      if (drawn) out.write(`\r${' '.repeat(60)}\r`)
    },
  }
}
