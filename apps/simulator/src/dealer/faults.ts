/** Switches that make the API misbehave on purpose. */
export interface ApiFaults {
  /** The next `count` requests are answered with `status` (default 503) and nothing is done. */
  failNext(count: number, status?: number): void
  /** The next `count` requests are carried out, but their answers are lost. */
  loseAnswers(count: number): void
  /** Every answer is kept back this long, milliseconds; 0 for none. */
  delay(ms: number): void
}

export interface ArmedFaults extends ApiFaults {
  /** The status that this request is to fail with, if it is. */
  takeFailure(): number | undefined
  takeLoss(): boolean
  delayMs(): number
}

export function armFaults(): ArmedFaults {
  const armed = { failures: 0, status: 503, losses: 0, delayMs: 0 }
  return {
    failNext: (count, status = 503) => void Object.assign(armed, { failures: count, status }),
    loseAnswers: (count) => void (armed.losses = count),
    delay: (ms) => void (armed.delayMs = ms),
    takeFailure: () => (armed.failures > 0 && armed.failures-- > 0 ? armed.status : undefined),
    takeLoss: () => armed.losses > 0 && armed.losses-- > 0,
    delayMs: () => armed.delayMs,
  }
}
