import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createServer } from 'node:http'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { runTests, type TestRun } from './run-tests.ts'
import { workshop, type Workshop } from './spec-module.ts'

describe('F9 tests of a module run apart', () => {
  let shop: Workshop
  beforeEach(() => {
    shop = workshop()
  })
  afterEach(() => shop.remove())

  /** One test whose body is this. */
  function run(body: string, over: { head?: string; timeoutMs?: number; signal?: AbortSignal } = {}): Promise<TestRun> {
    const branch = join(shop.root, 'work')
    mkdirSync(join(branch, 'test'), { recursive: true })
    const head = `import { test } from 'node:test'\n${over.head ?? ''}\n`
    writeFileSync(join(branch, 'test', 'a.test.mjs'), `${head}test('a', async () => {\n${body}\n})\n`)
    return runTests({ branch, file: 'test/a.test.mjs', expected: ['a'], timeoutMs: 10_000, ...over })
  }

  test('F9 and say what passed', async () => {
    expect(await run('')).toEqual({ tests: 1, passed: 1, failures: [] })
  })

  test.each([
    ['read other files', "process.getBuiltinModule('node:fs').readFileSync('/etc/hostname')", /restricted/],
    ['write', "process.getBuiltinModule('node:fs').writeFileSync('here', '')", /restricted/],
    ['start processes', "process.getBuiltinModule('node:child_process').execSync('true')", /restricted/],
    [
      'start workers',
      "new (process.getBuiltinModule('node:worker_threads').Worker)('1', { eval: true })",
      /restricted/,
    ],
    ['import what they like', "await import('node:fs')", /NO_IMPORT/],
    ['import packages', "await import('typescript')", /NO_IMPORT/],
    ['look names up', "await process.getBuiltinModule('node:dns').promises.resolve('localhost')", /NO_NETWORK/],
    ['listen', "process.getBuiltinModule('node:net').createServer().listen(0)", /NO_NETWORK/],
    [
      'see the environment',
      'throw new Error(`saw ${process.env.PATH} ${process.env.HOME}`)',
      /saw undefined undefined/,
    ],
    ['fill the memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(all.length))', /never came to an end/],
    ['end before they are asked', 'process.exit(0)', /never came to an end/],
  ])('F9 they cannot %s', async (_, body, message) => {
    await expect(run(body)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'EXAMPLES_FAILED',
      message: expect.stringMatching(message),
    })
    expect(existsSync(join(shop.root, 'work', 'here'))).toBe(false)
  })

  test('F9 they reach no server on this machine', async () => {
    let asked = 0
    const server = createServer((_, response) => (asked++, response.end()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const ways = [
      `await fetch('http://127.0.0.1:${port}')`,
      `await new Promise((done, fail) => process.getBuiltinModule('node:http').get('http://127.0.0.1:${port}', done).on('error', fail))`,
      `await new Promise((done, fail) => process.getBuiltinModule('node:net').connect(${port}, '127.0.0.1', done).on('error', fail))`,
    ]
    try {
      for (const way of ways) await expect(run(way)).rejects.toMatchObject({ code: 'EXAMPLES_FAILED' })
      expect(asked).toBe(0)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('F9 one that does not end is ended', async () => {
    await expect(run('for (;;);', { timeoutMs: 400 })).rejects.toMatchObject({ code: 'TESTS_TIMED_OUT' })
    await expect(run("for (;;) process._rawDebug('x'.repeat(1e5))")).rejects.toMatchObject({ code: 'TESTS_TIMED_OUT' })
  })

  test('F3 and so is one that nobody waits for any more', async () => {
    const aborter = new AbortController()
    const running = run('await new Promise((done) => setTimeout(done, 60_000))', { signal: aborter.signal })
    aborter.abort()
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
  })

  test('F9 a module that goes wrong when it is loaded fails with what it said', async () => {
    await expect(run('', { head: "throw new Error('out of order')" })).rejects.toMatchObject({
      code: 'EXAMPLES_FAILED',
      message: expect.stringContaining('out of order'),
    })
    await expect(run('', { head: 'process.on("exit", () => { process.exitCode = 3 })' })).rejects.toMatchObject({
      code: 'TESTS_BROKEN',
    })
  })
})
