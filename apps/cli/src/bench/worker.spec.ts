import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { forkWorker, type Worker } from './worker.ts'

const source = `
  import { Terminal } from ${JSON.stringify(import.meta.resolve('@pitcrew/errors'))}
  import { answerRequests } from ${JSON.stringify(join(import.meta.dirname, 'worker.ts'))}
  answerRequests({
    add: async ({ a, b }) => a + b,
    refuse: () => { throw new Terminal('NO', 'refused', { hint: 'ask for something else' }) },
    end: () => process.exit(3),
    hang: () => new Promise(() => {}),
  })`

type Arithmetic = {
  add(input: { a: number; b: number }): number
  refuse(input: undefined): void
  end(input: undefined): void
  hang(input: undefined): void
}

describe('L14 workers of a bench', () => {
  let folder: string
  let file: string
  const nodeOptions = process.env.NODE_OPTIONS
  beforeAll(() => {
    // What jest itself was started with is not for them.
    process.env.NODE_OPTIONS = ''
    folder = mkdtempSync(join(tmpdir(), 'pitcrew-worker-'))
    file = join(folder, 'arithmetic.ts')
    writeFileSync(file, source)
  })
  afterAll(() => {
    process.env.NODE_OPTIONS = nodeOptions
    rmSync(folder, { recursive: true })
  })

  const start = (): Promise<Worker<Arithmetic>> => forkWorker<Arithmetic>(file)

  test('answer what they are asked, each question on its own, and fail with a code', async () => {
    const worker = await start()
    const sums = await Promise.all([1, 2, 3].map((a) => worker.ask('add', { a, b: 10 })))
    expect(sums).toEqual([11, 12, 13])
    await expect(worker.ask('refuse', undefined)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'NO',
      hint: 'ask for something else',
    })
    await worker.stop()
    await expect(worker.ask('add', { a: 1, b: 2 })).rejects.toThrow()
  })

  test('that end leave no question open', async () => {
    const worker = await start()
    const open = worker.ask('hang', undefined)
    await Promise.all([
      expect(open).rejects.toMatchObject({ code: 'BENCH_WORKER_ENDED', message: 'a worker ended with code 3' }),
      expect(worker.ask('end', undefined)).rejects.toMatchObject({ code: 'BENCH_WORKER_ENDED' }),
    ])
    await worker.stop()
    const killed = await start()
    const waiting = killed.ask('hang', undefined)
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ message: 'a worker ended with SIGKILL' }),
      killed.kill(),
    ])
  })

  test('that do not come up are reported', async () => {
    await expect(forkWorker(join(folder, 'missing.ts'))).rejects.toMatchObject({ code: 'BENCH_WORKER_NOT_READY' })
  })
})
