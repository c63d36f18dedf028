import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { logFiles, stemOf } from './log-files.ts'
import { readLog } from './read-log.ts'
import { isSettled } from './settle.ts'
import { joinDrives, startOf } from './timetable.ts'
import { readInjection, readSpeed, refuseUnknownFormat } from './wishes.ts'

const header = 'ENGINE_RUN_TINE (),ENGINE_RPM (),COOLANT_TEMPERATURE ()'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-replay-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const codeOf = (code: string) => expect.objectContaining({ kind: 'terminal', code })

describe('N2 a replay', () => {
  test('takes a file, or the logs of a folder in natural order, relative to where the person is', () => {
    for (const name of ['live10.csv', 'live2.csv', 'notes.txt']) write(name, header)
    expect(logFiles('live2.csv', folder)).toEqual([join(folder, 'live2.csv')])
    expect(logFiles('.', folder)).toEqual([join(folder, 'live2.csv'), join(folder, 'live10.csv')])
    expect(() => logFiles('none.csv', folder)).toThrow(codeOf('FILE_NOT_FOUND'))
    expect(stemOf('/logs/my drive.1.csv')).toBe('my-drive-1')
  })

  test('reads what can be read and names each row that cannot', () => {
    const log = readLog(write('log.csv', `${header}\n1,800,90\n1,800\n2,x,90\n\n2,810,91\n`))
    expect(log.frames).toHaveLength(2)
    expect(log.badRows.map(({ line, code }) => ({ line, code }))).toEqual([
      { line: 3, code: 'TRUNCATED_ROW' },
      { line: 4, code: 'NOT_A_NUMBER' },
    ])
    expect(() => readLog(write('other.csv', 'a,b\n1,2\n'))).toThrow(codeOf('NOT_CAROBD'))
    expect(() => readLog(write('empty.csv', `${header}\n`))).toThrow(codeOf('NOT_CAROBD'))
    expect(() => readLog(folder)).toThrow(codeOf('FILE_NOT_FOUND'))
  })

  test('joins the drives of one vehicle with a pause in between', () => {
    const drive = (durationMs: number) => ({
      ...{ file: '', badRows: [], durationMs },
      frames: [0, durationMs].map((timeMs) => ({ timeMs, values: {} })),
    })
    expect(joinDrives([drive(1000), drive(500)]).map(({ timeMs }) => timeMs)).toEqual([0, 1000, 601_000, 601_500])
  })

  test('ends now by the vehicle’s clock, whatever the speed', () => {
    const now = 1_800_000_000_000
    const timing = { durationMs: 60_000, now, lastSeenMs: undefined }
    expect(startOf({ ...timing, speed: Infinity })).toBe(now - 60_000)
    expect(startOf({ ...timing, speed: 1 })).toBe(now)
    expect(startOf({ ...timing, speed: 10 })).toBe(now - 54_000)
  })

  test('goes on after what the vehicle has sent before, and never into the future', () => {
    const now = 1_800_000_000_000
    const timing = { durationMs: 60_000, speed: Infinity, now }
    expect(startOf({ ...timing, lastSeenMs: now - 50_000 })).toBe(now - 49_000)
    expect(() => startOf({ ...timing, durationMs: 3_600_000, lastSeenMs: now })).toThrow(codeOf('BAD_USAGE'))
    expect(() => startOf({ ...timing, durationMs: 48 * 3_600_000, lastSeenMs: undefined })).toThrow(codeOf('BAD_USAGE'))
  })

  test('refuses wishes that nobody can fulfil before it starts anything', () => {
    expect(() => refuseUnknownFormat('obd')).toThrow(codeOf('UNKNOWN_FORMAT'))
    expect(() => readInjection('rust')).toThrow(codeOf('UNKNOWN_FAULT'))
    expect(() => readInjection('coolant-leak:speed=1')).toThrow(codeOf('UNKNOWN_FAULT_PARAMETER'))
    expect(() => readInjection('coolant-leak:onset')).toThrow(codeOf('UNKNOWN_FAULT_PARAMETER'))
    expect(() => readSpeed('0')).toThrow(codeOf('BAD_USAGE'))
    expect(readInjection(undefined)).toBeUndefined()
    expect(readInjection('coolant-leak:onset=60')).toMatchObject({ fault: 'coolant-leak' })
    expect([readSpeed('max'), readSpeed('10')]).toEqual([Infinity, 10])
  })

  test.each([
    ['PHASE_CUSTOMER_ENGAGEMENT', 'WORKFLOW_STATUS_RUNNING', false],
    ['PHASE_RETRY', 'WORKFLOW_STATUS_RUNNING', false],
    ['PHASE_SCHEDULED', 'WORKFLOW_STATUS_RUNNING', true],
    ['PHASE_CUSTOMER_ENGAGEMENT', 'WORKFLOW_STATUS_CANCELLED', true],
    ['PHASE_FAILED', 'WORKFLOW_STATUS_FAILED', true],
  ] as const)('a case in %s that is %s has settled: %s', (phase, status, settled) => {
    expect(isSettled({ phase, status })).toBe(settled)
  })
})
