import { describe, expect, test } from '@jest/globals'
import { readOptions } from './options.ts'
import { allCells, cellName, quickCells } from './workload.ts'

const read = (flags: Partial<Parameters<typeof readOptions>[0]>) => readOptions({ partitions: '2', ...flags })

describe('L14 what bench engine is asked for', () => {
  test('is a comparison of all cells unless something else is named', () => {
    expect(read({ peers: 'restate, dbos,restate' })).toMatchObject({
      comparison: { peers: ['restate', 'dbos'], cells: allCells, rounds: 3 },
      json: false,
      writeReadme: false,
    })
    expect(read({})).toMatchObject({ comparison: { peers: [], cells: allCells } })
    expect(read({ quick: true })).toMatchObject({ comparison: { cells: quickCells, rounds: 1 } })
  })

  test('the cells are 1, 3 and 10 steps and a fan-out of 10, at 1, 32, 128 and 1,000', () => {
    expect(allCells.map(cellName)).toEqual(
      ['chain-1', 'chain-3', 'chain-10', 'fan-out-10'].flatMap((name) =>
        [1, 32, 128, 1_000].map((concurrent) => `${name}.c${concurrent}`),
      ),
    )
  })

  test('parking and scaling come alone, or with a comparison that is asked for too', () => {
    expect(read({ parked: '100000' })).toEqual({ parked: 100_000, partitions: 2, json: false, writeReadme: false })
    expect(read({ scale: '4,1,2', partitions: '4' }).scale?.orchestrators).toEqual([1, 2, 4])
    expect(read({ scale: '1' }).comparison).toBeUndefined()
    expect(read({ parked: '1', cells: 'chain-10.c128' }).comparison?.cells.map(cellName)).toEqual(['chain-10.c128'])
  })

  test.each([
    [{ peers: 'camunda' }, 'there is no peer "camunda": expected restate, dbos'],
    [{ cells: 'chain-2.c1' }, 'there is no cell "chain-2.c1"'],
    [{ parked: '0' }, 'parked is "0": expected a whole number from 1'],
    [{ parked: '1e99' }, 'parked is "1e99"'],
    [{ rounds: 'many' }, 'rounds is "many"'],
    [{ scale: ',' }, 'scale names no number'],
    [{ scale: '1,x' }, 'scale is "x"'],
    [{ partitions: '' }, 'partitions is ""'],
    [{ scale: '1,4', partitions: '2' }, 'partitions is "2": expected a whole number from 4'],
  ])('%j is refused', (flags, words) => {
    expect(() => read(flags)).toThrow(
      expect.objectContaining({ code: 'BAD_USAGE', message: expect.stringContaining(words) }),
    )
  })
})
