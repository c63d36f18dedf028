import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toFailure } from '@pitcrew/errors'
import { cmapssSignals, readCmapssRow, readCmapssUnits, readRemainingLives } from './read-cmapss.ts'

const values = cmapssSignals.map((_, index) => index / 4)
const row = (unit: number, cycle: number): string => [unit, cycle, ...values].join(' ')

describe('N3 C-MAPSS files', () => {
  test('N3 rows become units, in the order of the file', () => {
    const text = `${row(2, 1)}  \r\n${row(2, 2)}\n\n${row(1, 1)}\n`
    const units = readCmapssUnits(text, 'train')
    expect(units.map(({ unit, rows }) => [unit, rows.map(({ cycle }) => cycle)])).toEqual([
      [2, [1, 2]],
      [1, [1]],
    ])
    expect(units[0]!.rows[1]!.values).toEqual(values)
    expect(cmapssSignals).toHaveLength(24)
    expect(cmapssSignals[3]).toBe('Vehicle.Overlay.Turbofan.T2')
  })

  test.each([
    ['a column is missing', `${row(1, 1)}\n1 2 3`, 2],
    ['a column is too many', `${row(1, 1)} 5`, 1],
    ['a value is no number', row(1, 1).replace(' 0.25 ', ' x '), 1],
    ['a unit is no count', row(0, 1), 1],
    ['a cycle is no count', row(1, 1.5), 1],
    ['a cycle comes twice', `${row(1, 1)}\n${row(1, 1)}`, 2],
    ['a unit goes on after another', `${row(1, 1)}\n${row(2, 1)}\n${row(1, 2)}`, 3],
  ])('N3 a file in which %s is refused with the line', (_, text, line) => {
    expect(() => readCmapssUnits(text, 'train_FD001.txt')).toThrow(
      expect.objectContaining({ code: 'DATA_SET_INCOMPLETE', details: { file: 'train_FD001.txt', line } }),
    )
  })

  test('N3 true lives are whole numbers, one per line', () => {
    expect(readRemainingLives('112 \n98\n\n', 'RUL')).toEqual([112, 98])
    for (const wrong of ['112\nx', '112\n-1', '112\n9.5'])
      expect(() => readRemainingLives(wrong, 'RUL')).toThrow(
        expect.objectContaining({ code: 'DATA_SET_INCOMPLETE', details: { file: 'RUL', line: 2 } }),
      )
  })

  test('N3 any line is either a row of finite numbers or refused', () => {
    const cell = fc.oneof(fc.double().map(String), fc.string({ maxLength: 6 }), fc.nat(300).map(String))
    const line = fc.array(cell, { minLength: 20, maxLength: 28 }).map((cells) => cells.join(' '))
    fc.assert(
      fc.property(fc.oneof(line, fc.string()), (text) => {
        try {
          const read = readCmapssRow(text, 'f', 1)
          expect(read.values).toHaveLength(24)
          expect([read.unit, read.cycle, ...read.values].every(Number.isFinite)).toBe(true)
        } catch (error) {
          expect(toFailure(error)).toMatchObject({ kind: 'terminal', code: 'DATA_SET_INCOMPLETE' })
        }
      }),
      { seed: 6, numRuns: 300 },
    )
  })
})
