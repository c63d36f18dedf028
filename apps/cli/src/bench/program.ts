/**
 * A program of another maker (a server, an installer) that must not outlive us.
 *
 * 1. When this process ends in any way, SIGKILL included, the tether ends the program: it waits on a pipe whose other end
 *    only we hold. It ends itself as soon as the program does, so that it never signals a number that has been used again.
 * 2. It has a process group of its own, so Ctrl-C in a terminal reaches us alone and we stop things in order.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { Retryable } from '@pitcrew/errors'

export interface Program {
  pid: number
  /** Settles when it has ended, with its exit code (null: by a signal); never rejects. */
  exited: Promise<number | null>
  /** The end of what it printed. */
  said(): string
  /** SIGTERM (or another), and SIGKILL when it takes longer than 10 s. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface ProgramOptions {
  cwd?: string
  env?: Record<string, string>
  /** Other than ours, when we are root and it does not want to be. */
  user?: User
}

export interface User {
  uid: number
  gid: number
}

const tether = 'read _; kill -TERM "$1" 2>/dev/null'
const saidBytes = 4_096
const stopWithinMs = 10_000

/** @throws Retryable BENCH_PROGRAM_FAILED when it cannot be run at all */
export async function startProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Program> {
  const { child, said } = spawned(file, args, options)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(failed(file, error.message)))
  })
  const pid = child.pid!
  const holder = spawn('/bin/sh', ['-c', tether, 'pitcrew-bench-tether', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  holder.unref()
  void exited.then(() => holder.kill('SIGKILL'))
  return { pid, exited, said, stop: (signal = 'SIGTERM') => stop(child, exited, signal) }
}

/** Runs it to its end and gives what it printed. @throws Retryable BENCH_PROGRAM_FAILED with the last line it said */
export async function runProgram(
  file: string,
  args: readonly string[],
  { timeoutMs, ...options }: ProgramOptions & { timeoutMs: number },
): Promise<string> {
  const program = await startProgram(file, args, options)
  let late = false
  const timer = setTimeout(() => {
    late = true
    void program.stop('SIGKILL')
  }, timeoutMs)
  const code = await program.exited
  clearTimeout(timer)
  if (late) throw failed(file, `no end within ${timeoutMs} ms`)
  if (code !== 0) throw failed(file, lastLine(program.said()) ?? `code ${code}`)
  return program.said()
}

function spawned(file: string, args: readonly string[], { cwd, env, user }: ProgramOptions) {
  const child = spawn(file, [...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    ...user,
  })
  let text = ''
  const listen = (chunk: Buffer): void => void (text = (text + chunk.toString('utf8')).slice(-saidBytes))
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  return { child, said: () => text }
}

async function stop(child: ChildProcess, exited: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await exited
  clearTimeout(timer)
}

const failed = (file: string, why: string): Retryable => new Retryable('BENCH_PROGRAM_FAILED', `${file}: ${why}`)

const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '')
