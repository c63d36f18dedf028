/** Seconds since the first frame, and since the frame before (at most 60: a parked car does not age in its gap). */
export function createFaultClock(): (timeMs: number) => { elapsed: number; step: number } {
  let first: number | undefined
  let previous = 0
  return (timeMs) => {
    first ??= previous = timeMs
    const step = Math.min(Math.max(timeMs - previous, 0) / 1000, 60)
    previous = timeMs
    return { elapsed: (timeMs - first) / 1000, step }
  }
}

/**
 * How an ECU sets a code: the condition has to hold for `dwellSeconds`; once set, the code stays for the rest of the
 * drive (J2012 codes clear only after several good drive cycles).
 */
export function createCodeLatch(
  code: string,
  dwellSeconds: number,
): (holds: boolean, step: number) => string | undefined {
  let held = 0
  let set = false
  return (holds, step) => {
    held = holds ? held + step : 0
    if (held >= dwellSeconds) set = true
    return set ? code : undefined
  }
}
