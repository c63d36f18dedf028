import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { logFiles, stemOf } from './log-files.ts'
import { fit } from './fitting.ts'
import { formatOf } from './formats/index.ts'
import type { Log } from './log.ts'
import { isSettled } from './settle.ts'
import { joinDrives, startOf } from './timetable.ts'
import { tripsOf } from './replay.ts'
import { readInjection, readSpeed, readWayToFit } from './wishes.ts'

const header = 'ENGINE_RUN_TINE (),ENGINE_RPM (),COOLANT_TEMPERATURE ()'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-replay-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const carobd = formatOf('carobd')
const read = (file: string) => carobd.read(file, { mapping: undefined, callerDir: folder })

const logOf = (durationMs: number, name = 'a', file = `${name}.csv`): Log => ({
  ...{ file, name, named: false, durationMs },
  frames: [0, durationMs].map((timeMs) => ({ timeMs, values: {} })),
})

const codeOf = (code: string) => expect.objectContaining({ kind: 'terminal', code })

describe('N2 a replay', () => {
  test('takes a file, or the logs of a folder in natural order, relative to where the person is', () => {
    for (const name of ['live10.csv', 'live2.csv', 'notes.txt']) write(name, header)
    expect(logFiles('live2.csv', folder, carobd.files)).toEqual([join(folder, 'live2.csv')])
    expect(logFiles('.', folder, carobd.files)).toEqual([join(folder, 'live2.csv'), join(folder, 'live10.csv')])
    expect(() => logFiles('none.csv', folder, carobd.files)).toThrow(codeOf('FILE_NOT_FOUND'))
    expect(stemOf('/logs/my drive.1.csv')).toBe('my-drive-1')
  })

  test('reads what can be read and names each row that cannot', async () => {
    const { logs, badRows } = await read(write('log.csv', `${header}\n1,800,90\n1,800\n2,x,90\n\n2,810,91\n`))
    expect(logs[0]!.frames).toHaveLength(2)
    expect(badRows.map(({ line, code }) => ({ line, code }))).toEqual([
      { line: 3, code: 'TRUNCATED_ROW' },
      { line: 4, code: 'NOT_A_NUMBER' },
    ])
    expect(() => read(write('other.csv', 'a,b\n1,2\n'))).toThrow(codeOf('NOT_CAROBD'))
    expect(() => read(write('empty.csv', `${header}\n`))).toThrow(codeOf('NOT_CAROBD'))
    expect(() => read(folder)).toThrow(codeOf('FILE_NOT_FOUND'))
  })

  test('joins the drives of one vehicle with a pause in between', () => {
    expect(joinDrives([logOf(1000), logOf(500)]).map(({ timeMs }) => timeMs)).toEqual([0, 1000, 601_000, 601_500])
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
    expect(() => formatOf('mdf4')).toThrow(codeOf('UNKNOWN_FORMAT'))
    expect(() => readInjection('rust')).toThrow(codeOf('UNKNOWN_FAULT'))
    expect(() => readInjection('coolant-leak:speed=1')).toThrow(codeOf('UNKNOWN_FAULT_PARAMETER'))
    expect(() => readInjection('coolant-leak:onset')).toThrow(codeOf('UNKNOWN_FAULT_PARAMETER'))
    expect(() => readSpeed('0')).toThrow(codeOf('BAD_USAGE'))
    expect(() => readWayToFit('shrink')).toThrow(codeOf('BAD_USAGE'))
    expect(readInjection(undefined)).toBeUndefined()
    expect(readInjection('coolant-leak:onset=60')).toMatchObject({ fault: 'coolant-leak' })
    expect([readSpeed('max'), readSpeed('10')]).toEqual([Infinity, 10])
  })

  test('a log that is longer than ingest takes is refused, cut to its end, or squeezed for all vehicles alike', () => {
    const hour = 3_600_000
    const logs = [logOf(94 * hour), logOf(10 * hour)]
    expect(() => fit(logs, 'refuse')).toThrow(codeOf('BAD_USAGE'))
    expect(fit(logs, 'last').logs.map(({ durationMs, frames }) => [durationMs / hour, frames.length])).toEqual([
      [0, 1],
      [10, 2],
    ])
    const squeezed = fit(logs, 'squeeze')
    expect(squeezed.logs.map(({ durationMs }) => durationMs / hour)).toEqual([47, 5])
    expect(squeezed.note).toContain('2 times as fast')
    expect(fit([logOf(hour)], 'refuse').note).toBeUndefined()
  })

  test('a log is a vehicle of this run, unless the log or the person names it', () => {
    const ids = (logs: Log[], vehicle?: string) =>
      tripsOf(logs, { format: 'csv', ...(vehicle !== undefined && { vehicle }) }).map(({ vehicleId }) => vehicleId)
    const [first, second] = ids([logOf(1), logOf(1, 'b'.repeat(80))])
    expect(first).toMatch(/^csv-a-[a-z0-9]+$/)
    expect(second).toHaveLength(64)
    expect(ids([{ ...logOf(1), named: true, name: 'truck-7' }])).toEqual(['truck-7'])
    expect(ids([logOf(1), logOf(1, 'b')], 'v1')).toEqual(['v1'])
    expect(() => ids([logOf(1), logOf(1, 'b', 'a.csv')], 'v1')).toThrow(codeOf('BAD_USAGE'))
    expect(() => ids([logOf(1)], 'a b')).toThrow(codeOf('BAD_USAGE'))
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
