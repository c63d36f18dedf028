/**
 * The time of each row of a log that carries no time of its own. The rows of the published carOBD logs are 0.49 s apart
 * (measured over all of them: rows against the engine run time and the minutes since codes were cleared, which agree),
 * and the ECU's run time, a whole second that is polled every fourth row, anchors them: the clock free-runs at the row
 * period and is pulled to the run time.
 */
const rowPeriodMs = 490
/** The share of the error that one row corrects: slow enough to smooth the polling, fast enough to follow a slow logger. */
const pull = 0.1
/** A larger error is a gap in the log, which no smoothing may hide. */
const gapMs = 5_000

/** A function from the run time of a row (seconds; undefined when not read) to its time, Unix milliseconds, never falling. */
export function createRunTimeClock(startMs: number): (runTimeSeconds: number | undefined) => number {
  let now: number | undefined
  let anchorMs: number | undefined
  let lastRunTime = 0
  return (runTimeSeconds) => {
    now = now === undefined ? startMs : now + rowPeriodMs
    if (runTimeSeconds === undefined || runTimeSeconds <= 0) return Math.round(now)
    const restarted = runTimeSeconds < lastRunTime
    lastRunTime = runTimeSeconds
    if (anchorMs === undefined || restarted) anchorMs = now - runTimeSeconds * 1_000
    const error = anchorMs + runTimeSeconds * 1_000 - now
    if (error > gapMs) now += error
    else now += Math.max(error * pull, 1 - rowPeriodMs)
    return Math.round(now)
  }
}
