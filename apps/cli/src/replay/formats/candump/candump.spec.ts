import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { candumpRows, readingsOfRaw } from '@pitcrew/signals'
import { groupFrames } from './group-frames.ts'
import { candump } from './index.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pitcrew-candump-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const line = (ms: number, frame: string, channel = 'can0') => `(${(1000 + ms / 1000).toFixed(6)}) ${channel} ${frame}`

async function read(lines: string[]) {
  const file = join(folder, 'truck.log')
  writeFileSync(file, lines.join('\n'))
  return candump.read(file, { mapping: undefined, callerDir: folder })
}

/** What ingest will make of each group: its time, and codes or paths. */
function heard(lines: string[]): string[] {
  const frames = [...candumpRows(lines.join('\n'))].flatMap((row) =>
    row.kind === 'frame' ? [{ ...row.frame, timeMs: row.frame.timeMs! }] : [],
  )
  return [...groupFrames(frames)].map(({ timeMs, frames: can }) => {
    const { readings, faults, refusals } = readingsOfRaw({ obd: [], can })
    const said = [...faults.map(({ code }) => code).sort(), ...readings.map(({ path }) => path.split('.').at(-1))]
    return `${timeMs - 1_000_000} ${[...said, ...refusals.map(({ code }) => code)].join(' ')}`
  })
}

const coolant = '18FEEE00#5AFFFFFFFFFFFFFF'
const engineDm1 = '18FECA00#04FF6E000005FFFF'
const gearDm1 = '18FECA03#04FFB1000001FFFF'

describe('N2 a CAN log', () => {
  test('is cut into frames of 100 ms, times from 0', async () => {
    const { logs, badRows } = await read([
      line(0, coolant),
      line(50, engineDm1),
      line(120, coolant),
      line(300, coolant),
    ])
    expect(badRows).toEqual([])
    expect(logs).toMatchObject([{ name: 'truck', durationMs: 300 }])
    expect(logs[0]!.frames.map(({ timeMs, can }) => [timeMs, can?.length])).toEqual([
      [0, 2],
      [120, 1],
      [300, 1],
    ])
  })

  test('keeps a message of several packets in one frame', () => {
    const packets = [
      line(0, '18ECFF00#200E0002FFCAFE00'),
      line(150, '18EBFF00#0104FF6E00000564'),
      line(160, coolant),
      line(300, '18EBFF00#02000102 5E001203'.replace(' ', '')),
      line(420, coolant),
    ]
    expect(heard(packets)).toEqual(['0 SPN100-FMI1 SPN110-FMI0 SPN94-FMI18 Temperature', '420 Temperature'])
    const response = [line(0, '7E8#100A430401330171'), line(400, '7E8#210217042000AAAA'), line(600, coolant)]
    expect(heard(response)).toEqual(['0 P0133 P0171 P0217 P0420', '600 Temperature'])
  })

  test('a message that never ends does not hold up the rest for good', () => {
    const lines = [line(0, '18ECFF00#200E0002FFCAFE00'), ...[1000, 2000, 3100, 3300].map((ms) => line(ms, coolant))]
    expect(heard(lines)).toEqual(['0 Temperature INCOMPLETE_TRANSFER', '3100 Temperature', '3300 Temperature'])
  })

  test('codes of one ECU are not taken for all: those of the others are repeated until they fall silent', () => {
    const lines = [line(0, engineDm1), line(500, gearDm1), line(1000, engineDm1), line(5000, gearDm1)]
    expect(heard(lines)).toEqual([
      '0 SPN110-FMI0',
      '500 SPN110-FMI0 SPN177-FMI0',
      '1000 SPN110-FMI0 SPN177-FMI0',
      '5000 SPN177-FMI0',
    ])
  })

  test('each interface is a bus of its own, groups without news are left out, and bad lines are told', async () => {
    const silent = '18FEEB00#0000000000000000'
    const { logs, badRows } = await read([
      ...[
        line(0, coolant),
        line(10, coolant, 'can1'),
        line(500, silent),
        'rubbish',
        `can0 ${coolant}`,
        line(5, coolant),
      ],
    ])
    expect(logs.map(({ name, frames }) => [name, frames.length])).toEqual([
      ['truck-can0', 1],
      ['truck-can1', 1],
    ])
    expect(badRows.map(({ line: at, code }) => `${at} ${code}`)).toEqual([
      '4 NOT_CANDUMP',
      '5 NO_TIME',
      '6 TIME_GOES_BACK',
    ])
    await expect(read([line(0, silent)])).rejects.toMatchObject({ code: 'NOT_CANDUMP' })
  })
})
