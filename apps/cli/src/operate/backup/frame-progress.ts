/** A line on standard error that is drawn over again, at a terminal only. */
export function frameProgress(out: NodeJS.WriteStream = process.stderr) {
  let drawn = false
  return {
    show(partition: number, frames: number): void {
      if (!out.isTTY) return
      drawn = true
      out.write(`\r  partition ${partition}: ${frames} frames read   `)
    },
    done(): void {
      if (drawn) out.write(`\r${' '.repeat(60)}\r`)
      drawn = false
    },
  }
}
