import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { filterOf } from './bulk.ts'
import { givenCount, givenJson, givenPairs, givenTime } from './given.ts'
import { renamings } from './steer.ts'

const now = Date.UTC(2026, 10, 20, 12)
const codeOf = (code: string) => expect.objectContaining({ code, hint: expect.any(String) })

describe('N9 what is given on the command line', () => {
  test('F9 is JSON itself or the file that holds it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pitcrew-given-'))
    const file = join(folder, 'input.json')
    writeFileSync(file, '{"name":"x"}')
    expect([givenJson('{"name":"x"}', '--input'), givenJson(file, '--input')]).toEqual([{ name: 'x' }, { name: 'x' }])
    expect(givenJson('7', '--input')).toBe(7)
    writeFileSync(file, '{"name"')
    expect(() => givenJson(file, '--input')).toThrow(codeOf('BAD_USAGE'))
    expect(() => givenJson(join(folder, 'none'), '--input')).toThrow(codeOf('FILE_NOT_FOUND'))
    rmSync(folder, { recursive: true })
  })

  test('F9 is pairs, whose values may be JSON', () => {
    expect(givenPairs(['priority=1', 'system=COOLING', 'note=a=b', 'open=true'], '--attribute')).toEqual({
      priority: 1,
      system: 'COOLING',
      note: 'a=b',
      open: true,
    })
    expect(() => givenPairs(['priority'], '--attribute')).toThrow(codeOf('BAD_USAGE'))
  })

  test.each([
    ['90m', '2026-11-20T10:30:00.000Z'],
    ['7d', '2026-11-13T12:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    [undefined, undefined],
  ])('L11 a time %s is %s', (text, expected) => expect(givenTime(text, '--since', now)).toBe(expected))

  test('L11 no time, and no count, is refused', () => {
    expect(() => givenTime('monday', '--since', now)).toThrow(codeOf('BAD_USAGE'))
    for (const text of ['', 'all', '1.5', '0'])
      expect(() => givenCount(text, '--limit', 1)).toThrow(codeOf('BAD_USAGE'))
    expect(givenCount('0', '--after')).toBe(0)
  })

  test('F3 renames nodes, or says that they are gone', () => {
    expect(renamings(['old=new', 'gone='])).toEqual({ old: 'new', gone: null })
    for (const pair of ['old', '=new', 'a=b=c']) expect(() => renamings([pair])).toThrow(codeOf('BAD_USAGE'))
  })

  test('C1 finds the same workflows in bulk as a search does, and none when nothing was said', () => {
    const which = { status: 'failed, paused', attribute: ['system=COOLING'], since: '1h', id: 'a,b' }
    expect(filterOf(which, now)).toEqual({
      workflowIds: ['a', 'b'],
      statuses: ['FAILED', 'PAUSED'],
      attributes: { system: 'COOLING' },
      startedFrom: '2026-11-20T11:00:00.000Z',
    })
    expect(filterOf({ attribute: [] }, now)).toEqual({})
  })
})
