/**
 * How an ELM327 writes a long response with addresses off: its length in three hex digits, then lines "0: 49 02 01 ...",
 * "1: ...", numbered in hex and beginning again after F. One response at a time: two ECUs at once cannot be told apart.
 */
export interface NumberedStep {
  message?: Uint8Array
  /** Why an unfinished response was given up. */
  lost?: string
}

const length = /^[0-9A-Fa-f]{3}$/
const numbered = /^([0-9A-Fa-f]):((?:\s*[0-9A-Fa-f]{2})*)$/

export function createNumberedLines() {
  let bytes: number[] = []
  let expected: number | undefined
  let next = 0

  function end(): string | undefined {
    const unfinished = expected === undefined ? undefined : `${bytes.length} of ${expected} bytes came`
    bytes = []
    expected = undefined
    next = 0
    return unfinished && `${unfinished}: expected the whole response`
  }

  return {
    /** Whether the line is of this form at all. */
    accepts: (line: string): boolean => length.test(line) || numbered.test(line),
    accept(line: string): NumberedStep {
      const match = numbered.exec(line)
      if (!match) {
        const lost = end()
        expected = Number.parseInt(line, 16)
        return lost === undefined ? {} : { lost }
      }
      if (expected === undefined || Number.parseInt(match[1]!, 16) !== next)
        return { lost: end() ?? `line ${match[1]} came without the length before it: expected "00A", then "0: ..."` }
      next = (next + 1) % 16
      for (const [hex] of match[2]!.matchAll(/[0-9A-Fa-f]{2}/g)) bytes.push(Number.parseInt(hex, 16))
      if (bytes.length < expected) return {}
      const message = Uint8Array.from(bytes.slice(0, expected))
      expected = undefined
      end()
      return { message }
    },
    end,
  }
}
