import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeTable, encodeTable, type Column, type Table } from './chunk.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
const decimal = fc
  .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 4 }))
  .map(([n, k]) => n / 10 ** k)
const scaledByte = fc.integer({ min: 0, max: 255 }).map((byte) => (byte * 100) / 255)
const kinds = fc.constantFrom<fc.Arbitrary<number>>(finite, decimal, scaledByte, fc.constant(12.5))

const tables: fc.Arbitrary<Table> = fc
  .record({ rows: fc.integer({ min: 0, max: 60 }), ids: fc.uniqueArray(fc.nat(5_000), { maxLength: 6 }) })
  .chain(({ rows, ids }) =>
    fc.record({
      timesMs: fc.array(fc.integer({ min: 1.4e12, max: 1.9e12 }), { minLength: rows, maxLength: rows }),
      columns: fc
        .tuple(...ids.map((id) => column(rows).map((found): [number, Column] => [id, found])))
        .map((entries) => new Map(entries)),
    }),
  )

function column(rows: number): fc.Arbitrary<Column> {
  const present = fc.oneof(
    fc.constant(Array(rows).fill(true)),
    fc.array(fc.boolean(), { minLength: rows, maxLength: rows }),
  )
  return fc.tuple(present, kinds).chain(([has, kind]) => {
    const at = has.flatMap((here, row) => (here ? [row] : []))
    return fc.record({ rows: fc.constant(at), values: fc.array(kind, { minLength: at.length, maxLength: at.length }) })
  })
}

const asWritten = (bytes: Uint8Array): Table => {
  const { timesMs, columns } = decodeTable(bytes)
  const all = [...timesMs.keys()]
  const entries = columns.map(({ id, rows, values }): [number, Column] => [
    id,
    { rows: [...(rows ?? all)], values: [...values] },
  ])
  return { timesMs: [...timesMs], columns: new Map(entries) }
}

describe('a chunk of history', () => {
  test('L1 what is read is what was written, plain and deflated', () => {
    fc.assert(
      fc.property(tables, fc.boolean(), (table, deflate) => {
        expect(asWritten(encodeTable(table, { deflate }))).toEqual(table)
      }),
    )
  })

  test('L1 any bytes are read as numbers or refused with HISTORY_CHUNK_INVALID, never anything else', () => {
    const harmed = fc
      .tuple(tables, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat())
      .map(([table, at, byte, cut]) => {
        const bytes = encodeTable(table)
        bytes[at % bytes.length] = byte
        return bytes.subarray(0, Math.max(1, bytes.length - (cut % 5)))
      })
    fc.assert(
      fc.property(fc.oneof(harmed, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          decodeTable(bytes)
        } catch (thrown) {
          expect(thrown).toMatchObject({ kind: 'terminal', code: 'HISTORY_CHUNK_INVALID' })
        }
      }),
      { numRuns: 500 },
    )
  })

  test('L1 a beat that is kept and values as sensors give them cost a byte a reading or less', () => {
    const rows = [...Array(600).keys()]
    const columns = new Map([
      [1, { rows, values: rows.map((i) => 90 + Math.round(3 * Math.sin(i / 50)) / 1) }],
      [2, { rows, values: rows.map((i) => Math.round(800 + 40 * Math.sin(i / 7)) / 4) }],
      [3, { rows, values: rows.map((i) => ((i % 40) * 100) / 255) }],
      [4, { rows, values: rows.map(() => 13.8) }],
    ])
    const bytes = encodeTable({ timesMs: rows.map((i) => 1.75e12 + 1_000 * i), columns })
    expect(bytes.length).toBeLessThan(4 * 600)
  })

  test('L1 a column that is not wanted is not read', () => {
    const columns = new Map([
      [7, { rows: [0], values: [1] }],
      [9, { rows: [0], values: [2] }],
    ])
    const { columns: found } = decodeTable(encodeTable({ timesMs: [5], columns }), (id) => id === 9)
    expect(found.map(({ id }) => id)).toEqual([9])
  })
})
