import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readingsOfRaw } from '@pitcrew/signals'
import { formatOf } from './index.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-messages-'))))
afterEach(() => rmSync(folder, { recursive: true }))

async function read(format: string, lines: readonly string[]) {
  const file = join(folder, 'drive.log')
  writeFileSync(file, lines.join('\n'))
  return formatOf(format).read(file, { mapping: undefined, callerDir: folder })
}

describe('N2 an OBD session as a log', () => {
  test('what was said within a second is one frame, with the responses as they were', async () => {
    const { logs, badRows } = await read('obd', [
      '(100.0) 41 05 7B',
      '(100.4) 7E8 10 0A 43 04 01 33 01 71',
      '7E8 21 02 17 04 20 00 00 00',
      '(101.5) SEARCHING...',
      '41 0D 50',
      '2001-09-09T01:46:40Z 41 0D 51',
    ])
    expect(badRows).toEqual([])
    expect(logs[0]!.frames.map(({ timeMs }) => timeMs)).toEqual([0, 1_500, 999_999_900_000])
    const heard = logs[0]!.frames.map(({ obd = [] }) => readingsOfRaw({ obd, can: [] }))
    expect(heard[0]!.faults.map(({ code }) => code)).toEqual(['P0133', 'P0171', 'P0217', 'P0420'])
    expect(heard.map(({ readings }) => readings[0]!.value)).toEqual([83, 80, 81])
  })

  test('lines that are no response are told with their number, and a log without times is refused', async () => {
    const { logs, badRows } = await read('obd', [
      '41 05 7B',
      '(5) 41 05 7B',
      '(6.5) NO DATA',
      'rubbish',
      '(3) 41 05 7B',
    ])
    expect(logs[0]!.frames).toHaveLength(1)
    expect(badRows.map(({ line, code }) => `${line} ${code}`).sort()).toEqual([
      ...['1 NO_TIME', '3 NO_DATA', '4 NOT_OBD', '5 TIME_GOES_BACK'],
    ])
    await expect(read('obd', ['41 05 7B'])).rejects.toMatchObject({ kind: 'terminal', code: 'NOT_OBD' })
  })
})

describe('N2 decoded J1939 as a log', () => {
  const message = (time: unknown, rest: object) => JSON.stringify({ time, ...rest })
  const coolant = { pgn: 65262, spns: [{ spn: 110, value: 91 }] }
  const dm1 = (source: number, ...spns: number[]) => ({
    ...{ source, pgn: 65226, lamps: { amber: true } },
    dm1: spns.map((spn) => ({ spn, fmi: 1, oc: 2 })),
  })

  test('each line is a frame of its vehicle, and the codes of an ECU hold until its next DM1', async () => {
    const { logs, badRows } = await read('j1939-json', [
      message(1_000, { vehicle: 'truck-7', ...coolant }),
      message('1970-01-01T00:00:02Z', { vehicle: 'truck-7', ...dm1(0, 100) }),
      message(3_000, { vehicle: 'truck-7', ...dm1(3, 127) }),
      message(4_000, { vehicle: 'truck-7', ...dm1(0) }),
      message(4_000, coolant),
    ])
    expect(badRows).toEqual([])
    expect(logs.map(({ name, named }) => [name, named])).toEqual([
      ['truck-7', true],
      ['drive', false],
    ])
    expect(logs[0]!.frames.map(({ timeMs, dtcs }) => [timeMs, dtcs])).toEqual([
      [0, undefined],
      [1_000, ['SPN100-FMI1']],
      [2_000, ['SPN100-FMI1', 'SPN127-FMI1']],
      [3_000, ['SPN127-FMI1']],
    ])
    expect(logs[0]!.frames[1]!.faults).toMatchObject([{ lamp: 'AMBER_WARNING', occurrences: 2 }])
  })

  test('lines that are no message are told with their number', async () => {
    const { badRows } = await read('j1939-json', [
      ...['{', message('soon', coolant), message(1, { vehicle: 'a b', ...coolant }), message(5, coolant)],
      ...[message(4, coolant), message(6, { spns: [{ spn: 110, value: 4_000 }] })],
    ])
    expect(badRows.map(({ line, code }) => `${line} ${code}`)).toEqual([
      ...['1 NOT_J1939_JSON', '2 BAD_TIME', '3 BAD_VEHICLE_ID', '5 TIME_GOES_BACK', '6 OUT_OF_RANGE'],
    ])
    await expect(read('j1939-json', ['[]'])).rejects.toMatchObject({ kind: 'terminal', code: 'NOT_J1939_JSON' })
  })
})
