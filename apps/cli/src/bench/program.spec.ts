import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { startOf } from '../platform/process-identity.ts'
import { runProgram, startProgram } from './program.ts'

describe('L14 programs of other makers', () => {
  test('one that is run to its end gives what it printed', async () => {
    const said = await runProgram('/bin/sh', ['-c', 'echo $GREETING'], {
      env: { GREETING: 'hello' },
      timeoutMs: 10_000,
    })
    expect(said).toBe('hello\n')
  })

  test.each([
    ['its last words', '/bin/sh', ['-c', 'echo first; echo worst >&2; echo; exit 3'], 10_000, '/bin/sh: worst'],
    ['its exit code when it said nothing', '/bin/sh', ['-c', 'exit 3'], 10_000, '/bin/sh: code 3'],
    ['that it did not end', '/bin/sh', ['-c', 'exec tail -f /dev/null'], 50, '/bin/sh: no end within 50 ms'],
    ['that it is not there', '/no/such/program', [], 10_000, '/no/such/program: spawn /no/such/program ENOENT'],
  ])('one that fails is reported with %s', async (_, file, args, timeoutMs, message) => {
    await expect(runProgram(file, args, { timeoutMs })).rejects.toMatchObject({ code: 'BENCH_PROGRAM_FAILED', message })
  })

  test('one that is stopped is gone', async () => {
    const program = await startProgram('/bin/sh', ['-c', 'exec tail -f /dev/null'])
    expect(startOf(program.pid)).toBeDefined()
    await program.stop()
    expect(startOf(program.pid)).toBeUndefined()
  })

  test('one whose starter is killed ends too', async () => {
    const script = `
      const { startProgram } = await import(${JSON.stringify(join(import.meta.dirname, 'program.ts'))})
      const { pid } = await startProgram('/bin/sh', ['-c', 'exec tail -f /dev/null'])
      console.log(pid)`
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      // Without what jest itself was started with.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [chunk] = (await once(starter.stdout, 'data')) as [Buffer]
    const pid = Number(chunk.toString())
    expect(startOf(pid)).toBeDefined()
    starter.kill('SIGKILL')
    await eventually(() => expect(startOf(pid)).toBeUndefined(), { timeoutMs: 10_000 })
  })
})
