import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { runProgram } from './command.ts'
import { differences } from './contracts.ts'
import { resultOf, type JestReport } from './report.ts'
import { staticChecks } from './static-checks.ts'

const timing = { ms: 10, cached: false }
const report = (change: Partial<JestReport>): JestReport => ({
  ...{ numPassedTests: 0, numFailedTests: 0, testResults: [] },
  ...change,
})

describe('./pitcrew test', () => {
  test('counts tests, and gives the failures in full', () => {
    const testResults = [
      { status: 'passed', message: '', assertionResults: [{}] },
      { status: 'failed', message: ' expected 1 \n', assertionResults: [{}] },
    ]
    const result = resultOf('errors', report({ numPassedTests: 3, numFailedTests: 1, testResults }), timing)
    expect(result).toMatchObject({ passed: 3, failed: 1, failures: 'expected 1' })
  })

  test('counts a file that does not even load, and tests that are skipped', () => {
    const testResults = [{ status: 'failed', message: 'SyntaxError', assertionResults: [] }]
    expect(resultOf('x', report({ testResults }), timing)).toMatchObject({ failed: 1, failures: 'SyntaxError' })
    expect(resultOf('x', report({ numPendingTests: 2 }), timing)).toMatchObject({ failed: 2 })
  })

  test('sees generated code that is stale, missing or left over', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pitcrew-checks-'))
    const write = (file: string, text: string) => {
      mkdirSync(join(folder, file, '..'), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    for (const [file, text] of [
      ['a/same.ts', '1'],
      ['b/same.ts', '1'],
      ['a/stale.ts', '1'],
      ['b/stale.ts', '2'],
      ['a/left.ts', ''],
      ['b/d/new.ts', ''],
    ] as const)
      write(file, text)
    expect(differences(join(folder, 'a'), join(folder, 'b'))).toEqual(['d/new.ts', 'left.ts', 'stale.ts'])
    rmSync(folder, { recursive: true })
  })

  test('a program that is not there is a failure that says so', async () => {
    expect(await runProgram('no-such-program', [])).toEqual({
      ok: false,
      output: expect.stringContaining('no-such-program'),
    })
  })

  test('lint finds an import against the rule about dependencies', async () => {
    expect(staticChecks.map(({ name }) => name)).toContain('lint')
    expect((await runProgram('nx', ['show', 'projects'])).ok).toBe(true)
    const source = "import { connectMessaging } from '@pitcrew/messaging'\nexport const used = connectMessaging\n"
    const { ok, output } = await runProgram('eslint', ['--stdin', '--stdin-filename', 'libs/errors/src/index.ts'], {
      input: source,
    })
    expect(ok).toBe(false)
    expect(output).toContain('@nx/enforce-module-boundaries')
  })
})
