import { expect, test } from '@jest/globals'
import { codeOf } from './fault-report.ts'

test.each([
  ['P0217', 'P0217'],
  [' u0100-00 ', 'U0100'],
  ['SPN110-FMI0', 'SPN110-FMI0'],
  ['SPN 110 FMI 0', 'SPN110-FMI0'],
  ['spn:3226, fmi:18', 'SPN3226-FMI18'],
  ['J1939 SPN 168 / FMI 1', 'SPN168-FMI1'],
  ['110-0', 'SPN110-FMI0'],
  ['000110.00', 'SPN110-FMI0'],
])('N2 the code %p is %p', (text, code) => expect(codeOf(text)).toBe(code))

test.each(['', 'P4217', 'SPN 110', '110', '524288-0', '110-32', 'air filter blocked', 'P0217 P0218'])(
  'N2 %p is no fault code',
  (text) => expect(codeOf(text)).toBeUndefined(),
)
