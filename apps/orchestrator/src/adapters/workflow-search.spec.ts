import { expect, test } from '@jest/globals'
import { lexemes } from './workflow-search.ts'

test('F9 words become a query in which nothing is an operator', () => {
  expect(lexemes('water  pump')).toBe(`'water':* & 'pump':*`)
  expect(lexemes(`it's & !( | \\`)).toBe(`'it''s':*`)
  expect(lexemes('   ')).toBe('')
})
