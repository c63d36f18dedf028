/**
 * F9: runs a module's tests in a process of its own: in the branch, which it may read and not write, without network, children
 * or environment, for a limited time and with limited memory (child/guard.ts).
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Cancelled, Terminal } from '@pitcrew/errors'

export interface TestRun {
  /** Tests that were expected. */
  tests: number
  passed: number
  failures: { name: string; error: string }[]
}

interface Ended {
  code: number | null
  killed: boolean
  output: string
  errors: string
}

const child = join(import.meta.dirname, 'child')
const mostOutput = 1_000_000
const shownFailures = 5
const memoryMb = 128

export interface TestOptions {
  branch: string
  file: string
  expected: readonly string[]
  timeoutMs: number
  signal?: AbortSignal
}

/** @throws Terminal EXAMPLES_FAILED, TESTS_TIMED_OUT, TESTS_BROKEN; Cancelled when nobody waits any more */
export async function runTests({ branch, file, expected, timeoutMs, signal }: TestOptions): Promise<TestRun> {
  const { code, killed, output, errors } = await runNode(branch, file, timeoutMs, signal)
  if (signal?.aborted) throw new Cancelled('CANCELLED', 'nobody waits for these tests any more')
  if (killed)
    throw new Terminal(
      'TESTS_TIMED_OUT',
      `the tests took more than ${timeoutMs} ms or wrote too much, and were ended`,
      {
        hint: 'look for a loop that does not end',
      },
    )
  const run = outcomeOf(linesOf(output), expected)
  const [first] = run.failures
  if (first)
    throw new Terminal(
      'EXAMPLES_FAILED',
      `${run.failures.length} of ${run.tests} examples fail; ${first.name}: ${first.error}`,
      {
        hint: 'correct the body of the function, or the example',
        details: { failures: run.failures.slice(0, shownFailures) },
      },
    )
  if (code !== 0)
    throw new Terminal('TESTS_BROKEN', `the tests ended with code ${code}: ${errors.trim().slice(-300)}`, {
      hint: 'the module has to do nothing but declare its functions',
    })
  return run
}

/** A test that said nothing did not pass: the code may have ended the process before. */
function outcomeOf(
  lines: readonly { name: string; ok: boolean; error: string }[],
  expected: readonly string[],
): TestRun {
  const failures = expected.flatMap((name) => {
    const line = lines.find((one) => one.name === name)
    if (line?.ok) return []
    const file = lines.find((one) => !one.ok && !expected.includes(one.name))
    return [{ name, error: line?.error ?? file?.error ?? 'it never came to an end' }]
  })
  return { tests: expected.length, passed: expected.length - failures.length, failures }
}

function linesOf(output: string): { name: string; ok: boolean; error: string }[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{"name":')) return []
    try {
      return [JSON.parse(line) as { name: string; ok: boolean; error: string }]
    } catch {
      // Written by the code under test, which may write what it likes; it is no report then.
      return []
    }
  })
}

function runNode(cwd: string, file: string, timeout: number, signal?: AbortSignal): Promise<Ended> {
  const args = [
    '--permission',
    `--allow-fs-read=${cwd}`,
    `--allow-fs-read=${child}`,
    `--max-old-space-size=${memoryMb}`,
    '--disable-warning=ExperimentalWarning',
    `--import=${join(child, 'guard.ts')}`,
    '--test',
    '--test-isolation=none',
    `--test-reporter=${join(child, 'reporter.ts')}`,
    '--test-reporter-destination=stdout',
    file,
  ]
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  const node = spawn(process.execPath, args, { cwd, env: { TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { code: null, killed: false, output: '', errors: '' }
  const end = (): void => {
    ended.killed = true
    node.kill('SIGKILL')
  }
  const timer = setTimeout(end, timeout)
  signal?.addEventListener('abort', end)
  for (const name of ['output', 'errors'] as const) {
    const stream = name === 'output' ? node.stdout : node.stderr
    stream.setEncoding('utf8').on('data', (text: string) => {
      ended[name] += text
      if (ended[name].length > mostOutput) end()
    })
  }
  const finish = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
  node.once('error', (error) => (finish(), reject(error)))
  node.once('close', (code) => (finish(), resolve({ ...ended, code })))
  return promise
}
