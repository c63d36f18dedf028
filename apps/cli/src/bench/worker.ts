/**
 * One process of a contender, and how it is asked: requests and answers over the channel of child_process.fork.
 *
 * 1. A worker ends when whoever forked it is gone: the channel closes.
 * 2. An answer belongs to the request of its number; what fails comes back as a failure with its code.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { fromWire, Retryable, toFailure, toWire, type WireFailure } from '@pitcrew/errors'

type Request = { number: number; ask: string; input: unknown }
type Answer = { number: number } & ({ output: unknown } | { failure: WireFailure })

/** What a worker can be asked: name, and what it gives. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answers = Record<string, (input: any) => unknown>

export interface Worker<A extends Answers> {
  pid: number
  ask<K extends keyof A & string>(name: K, input: Parameters<A[K]>[0]): Promise<Awaited<ReturnType<A[K]>>>
  /** Lets it end by itself, so that a profile is written; SIGKILL when that takes longer than 10 s. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would. Resolves when it is gone. */
  kill(): Promise<void>
}

const stopWithinMs = 10_000

/** The worker's side: answers until the channel closes. */
export function answerRequests(answers: Answers): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', (request: Request) => void answer(answers, request).then((reply) => process.send?.(reply)))
  process.send?.('ready')
}

async function answer(answers: Answers, { number, ask, input }: Request): Promise<Answer> {
  try {
    return { number, output: await answers[ask]!(input) }
  } catch (error) {
    return { number, failure: toWire(toFailure(error)) }
  }
}

export interface WorkerOptions {
  args?: readonly string[]
  /** Of Node, `--expose-gc` for instance. */
  nodeArgs?: readonly string[]
  /** How long it may take to say that it is ready, milliseconds. */
  readyWithinMs?: number
}

/** Resolves when the worker answers. Its standard error goes where ours goes. */
export async function forkWorker<A extends Answers>(file: string, options: WorkerOptions = {}): Promise<Worker<A>> {
  const { args = [], nodeArgs = [], readyWithinMs = 30_000 } = options
  const child = fork(file, [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DeprecationWarning', ...nodeArgs],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await ready(child, file, readyWithinMs)
  const kill = (): Promise<void> => {
    child.kill('SIGKILL')
    return exited
  }
  return { pid: child.pid!, ask: asking(child), stop: () => stop(child, exited), kill }
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await exited
  clearTimeout(timer)
}

function ready(child: ChildProcess, file: string, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Retryable('BENCH_WORKER_NOT_READY', `${file}: ${why}`))
    }
    const timer = setTimeout(() => fail(`no word within ${withinMs} ms`), withinMs)
    // Once it is ready these two change nothing any more: the promise is settled.
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => fail(`it ended with ${signal ?? `code ${code}`}`))
    child.once('message', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function asking<A extends Answers>(child: ChildProcess): Worker<A>['ask'] {
  const waiting = new Map<number, { resolve: (output: never) => void; reject: (reason: Error) => void }>()
  let last = 0
  child.on('message', (answer: Answer) => {
    const one = waiting.get(answer.number)
    waiting.delete(answer.number)
    if ('failure' in answer) one?.reject(fromWire(answer.failure))
    else one?.resolve(answer.output as never)
  })
  child.on('exit', (code, signal) => {
    const reason = new Retryable('BENCH_WORKER_ENDED', `a worker ended with ${signal ?? `code ${code}`}`)
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
  })
  return (ask, input) =>
    new Promise((resolve, reject) => {
      const number = ++last
      waiting.set(number, { resolve, reject })
      child.send({ number, ask, input } satisfies Request, (error) => error && reject(error))
    })
}
