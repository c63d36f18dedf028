import { describe, expect, test } from '@jest/globals'
import { carobdRows, createCarobdReader, readCarobdHeader } from './carobd.ts'

const header = 'ENGINE_RUN_TINE (),ENGINE_RPM (),COOLANT_TEMPERATURE (),CONTROL_MODULE_VOLTAGE ()\r'
const rpm = 'Vehicle.Powertrain.CombustionEngine.Speed'
const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

describe('carOBD reader', () => {
  test('N2 a row becomes a frame of VSS paths, with or without the logger’s trailing comma', () => {
    const read = createCarobdReader(header, { startMs: 1_000 })
    expect(read(' 0.000000, 800.250000, 88.000000, 13.700000,\r')).toEqual({
      kind: 'frame',
      line: 2,
      frame: {
        timeMs: 1_000,
        values: {
          'Vehicle.OBD.RunTime': 0,
          [rpm]: 800.25,
          [coolant]: 88,
          'Vehicle.LowVoltageBattery.CurrentVoltage': 13.7,
        },
        dtcs: [],
      },
      refused: [],
    })
    expect(read('0,801,88,13.7')).toMatchObject({ kind: 'frame', line: 3 })
  })

  test('N2 a blank cell is a reading that was not taken', () => {
    const read = createCarobdReader(header, { startMs: 0 })
    const row = read('1, ,88,13.7')
    expect(row).toMatchObject({ kind: 'frame', frame: { values: { [coolant]: 88 } } })
    expect(row.kind === 'frame' && rpm in row.frame.values).toBe(false)
  })

  test('N2 a reading that cannot be is left out of its row, and told', () => {
    const read = createCarobdReader(header, { startMs: 0 })
    const row = read('1,800,9999,13.7')
    expect(row).toMatchObject({ kind: 'frame', refused: [{ code: 'OUT_OF_RANGE' }], frame: { values: { [rpm]: 800 } } })
    expect(row.kind === 'frame' && coolant in row.frame.values).toBe(false)
  })

  test('N2 bad rows are reported with line and reason, and the rows after them stand', () => {
    const rows = [
      ...carobdRows(`${header}\n1,800\n1,800,hot,13.7\n1,800,88,13.7,5\n\n\0\0\n2,800,88,13.7`, { startMs: 0 }),
    ]
    expect(
      rows.map((row) => (row.kind === 'rejected' ? `${row.line} ${row.code}` : `${row.line} ${row.kind}`)),
    ).toEqual(['2 TRUNCATED_ROW', '3 NOT_A_NUMBER', '4 TOO_MANY_CELLS', '5 blank', '6 blank', '7 frame'])
  })

  test('N2 a file that is no carOBD log is refused as NOT_CAROBD', () => {
    expect(() => readCarobdHeader('timestamp,value')).toThrow(expect.objectContaining({ code: 'NOT_CAROBD' }))
  })

  test('N2 the clock follows the run time, bridges a gap and never goes back over a restart', () => {
    const runTimes = [0, 0, 1, 1, 2, 2, 3, 3, 100, 100, 101, 0, 1, 1, 2]
    const text = [header, ...runTimes.map((seconds) => `${seconds},800,88,13.7`)].join('\n')
    const times = [...carobdRows(text, { startMs: 0 })].map((row) =>
      row.kind === 'frame' ? row.frame.timeMs : Number.NaN,
    )
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[8]! - times[7]!).toBeGreaterThan(90_000)
    expect(times.at(-1)! - times[10]!).toBeLessThan(5_000)
  })
})
