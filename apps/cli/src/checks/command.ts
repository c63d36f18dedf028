import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from '../platform/checkout.ts'

export interface Outcome {
  ok: boolean
  /** Standard output and error as they came. */
  output: string
}

/** No daemon, no cloud, no screen of its own: nx is used as a cache and for the order of projects. */
const nxEnvironment = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' }

export interface RunOptions {
  env?: Record<string, string>
  /** For its standard input. */
  input?: string
}

/** Runs a program of the checkout's packages, or of the machine, at the top of the checkout. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, input = '' }: RunOptions = {},
): Promise<Outcome> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter)
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...nxEnvironment, PATH: path, FORCE_COLOR: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const listen = (chunk: Buffer) => void (output += chunk.toString('utf8'))
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  // A program that does not read it may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: `${program} cannot be run: ${error.message}` }))
    child.once('close', (code) => resolve({ ok: code === 0, output }))
  })
}
