import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { services } from '@pitcrew/contracts'
import { program } from '../src/program.ts'
import { pitcrew } from './command-line.ts'

let empty: string
beforeAll(() => void (empty = mkdtempSync(join(tmpdir(), 'pitcrew-empty-'))))
afterAll(() => rmSync(empty, { recursive: true }))

describe('N9 the command line', () => {
  test('teaches every command with an example', () => {
    const all = program().commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]))
    expect(all.map((command) => command.name())).toEqual(expect.arrayContaining(['up', 'demo', 'replay', 'approve']))
    for (const command of all) {
      let help = ''
      command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp()
      expect(`${command.name()}: ${help}`).toMatch(/Examples?:\n {2}.*pitcrew/)
    }
  })

  test.each([
    [['fly'], "unknown command 'fly'"],
    [['up', '--fast'], "unknown option '--fast'"],
    [['demo', '--scenario', 'opera'], 'expected full, errors or fleet'],
    [['cases', 'show'], "missing required argument 'id'"],
    [['status', '--url', 'here'], '"here" is not the url of a gateway'],
    [['run', 'kitchen'], 'there is no service "kitchen"'],
    [['test', 'nothing'], 'there is no project or check "nothing"'],
  ])('%j is refused with code 2, what was wrong and what to do', async (args, words) => {
    const { code, stdout, stderr } = await pitcrew(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^[A-Z_]+: .*\n {2}next: .*\n$/)
    expect(stderr).toContain(words)
  })

  test('says how to start a platform when none runs', async () => {
    for (const args of [['status'], ['cases', 'list'], ['cases', 'pause', 'x']]) {
      const { code, stderr } = await pitcrew([...args, '--data', empty], { PITCREW_URL: '' })
      expect(code).toBe(1)
      expect(stderr).toMatch(/^NO_PLATFORM: .*\n {2}next: .*\.\/pitcrew up/)
    }
    const { stderr } = await pitcrew(['status', '--url', 'http://127.0.0.1:1'])
    expect(stderr).toMatch(/^PLATFORM_UNREACHABLE: nothing answers at http:\/\/127\.0\.0\.1:1\n {2}next: /)
    expect(await pitcrew(['down', '--data', empty])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^no platform runs/),
    })
  })

  test('lists the services that it can run alone, and what configures one', async () => {
    const { stdout } = await pitcrew(['run', '--list'])
    expect(stdout.trim().split('\n')).toEqual([...services])
    const help = await pitcrew(['run', 'scheduling', '--help'])
    expect(help.stdout).toMatch(/DEALER_URL[^]*SCHEDULING_GRPC_PORT/)
  })
})
