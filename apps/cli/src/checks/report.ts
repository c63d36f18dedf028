/** What became of one check or one project's tests. */
export interface Result {
  name: string
  passed: number
  failed: number
  ms: number
  /** Taken from an earlier run, since nothing it depends on has changed. */
  cached?: boolean
  /** In full; empty when nothing failed. */
  failures: string
}

/** The part of jest's --json report that is read here. */
export interface JestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests?: number
  numTodoTests?: number
  startTime?: number
  testResults: { status: string; message: string; endTime?: number; assertionResults?: readonly unknown[] }[]
}

/** A file that could not be run at all counts as one failure, and so does each test that is skipped: tests run or go. */
export function resultOf(name: string, report: JestReport, { ms, cached }: { ms: number; cached: boolean }): Result {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults?.length === 0,
  )
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
  const messages = report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message.trim())
  if (skipped > 0) messages.push(`${skipped} tests are skipped: expected none`)
  return {
    name,
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + skipped,
    ms,
    cached,
    failures: messages.join('\n\n'),
  }
}
