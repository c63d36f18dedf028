/**
 * Runs the jest tests of one project, given its folder and name; the outcome goes to .pitcrew/test/<name>.json, whole, when
 * all is over. Tests that leave something running would keep jest alive for ever: that is a failure, and is ended.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')
const [folder = '', name = ''] = process.argv.slice(2)
const cwd = join(root, folder)
const report = join(root, '.pitcrew/test', `${name}.json`)
/** Jest writes it when the last test is over, but before it ends. */
const draft = `${report}.draft`
const endsWithinMs = 15_000

interface Outcome {
  numPassedTests: number
  numFailedTests: number
  testResults: object[]
}

const files = (pattern: string) => globSync(pattern, { cwd, exclude: (file) => file.includes('node_modules') })
const nothing: Outcome = { numPassedTests: 0, numFailedTests: 0, testResults: [] }

function tell(outcome: Outcome): void {
  writeFileSync(draft, JSON.stringify(outcome))
  renameSync(draft, report)
}

function withFailure(outcome: Outcome, message: string): Outcome {
  const testResults = [...outcome.testResults, { status: 'failed', message }]
  return { ...outcome, numFailedTests: outcome.numFailedTests + 1, testResults }
}

/** Exit code of jest; undefined when it had to be ended. */
async function runJest(): Promise<number | undefined> {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  // PostgreSQL in WebAssembly lives for seconds in a test: optimising it takes longer than that saves.
  const args = [
    '--liftoff-only',
    jest,
    '-c',
    join(root, 'jest.config.mjs'),
    '--json',
    `--outputFile=${draft}`,
    '--maxWorkers=50%',
  ]
  const NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning'
  // With --json the report would come on standard output as well.
  const stdio = ['ignore', 'ignore', 'inherit'] as const
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS, JEST_ROOT: cwd },
    stdio: [...stdio],
  })
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const hangs = new AbortController()
  const ended = exited.finally(() => hangs.abort())
  const overdue = (async () => {
    while (!existsSync(draft)) await pause(250, undefined, { signal: hangs.signal })
    await pause(endsWithinMs, undefined, { signal: hangs.signal })
    child.kill('SIGKILL')
    return undefined
  })()
  return Promise.race([ended, overdue.catch(() => ended)])
}

async function main(): Promise<number> {
  mkdirSync(dirname(report), { recursive: true })
  for (const file of [report, draft]) rmSync(file, { force: true })
  if (files('**/*.spec.ts').length > 0) {
    const code = await runJest()
    if (!existsSync(draft)) return code || 1
    const outcome = JSON.parse(readFileSync(draft, 'utf8')) as Outcome
    const lives = `all tests have ended, but something that they started was still running ${endsWithinMs / 1000} s later`
    tell(code === undefined ? withFailure(outcome, lives) : outcome)
    return code ?? 1
  }
  if (files('src/**/*.ts').some((file) => !file.includes('/gen/'))) {
    tell(withFailure(nothing, `${folder} has source and no tests: expected at least one *.spec.ts`))
    return 1
  }
  tell(nothing)
  return 0
}

process.exitCode = await main()
