import fc from 'fast-check'
import { expect, test } from '@jest/globals'
import { checkReading } from '@pitcrew/signals'
import { carobdRows } from '@pitcrew/simulator'

test('N2 any carOBD text is read or refused: no row throws, no time falls, no reading is outside of its range', () => {
  const header = 'ENGINE_RUN_TINE (),ENGINE_RPM (),COOLANT_TEMPERATURE (),SHORT_TERM_FUEL_TRIM_BANK_1 ()\n'
  const cell = fc.oneof(
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom('', ' ', '\0', 'x', '1e400', '-0'),
  )
  const row = fc.oneof(
    fc.array(cell, { minLength: 3, maxLength: 6 }).map((cells) => cells.join(',')),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      let last = 0
      for (const read of carobdRows(header + rows.join('\n'), { startMs: 0 })) {
        if (read.kind !== 'frame') continue
        const { timeMs, values } = read.frame
        expect(timeMs).toBeGreaterThanOrEqual(last)
        last = timeMs
        for (const [path, value] of Object.entries(values)) expect(checkReading(path, value).ok).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
