import { expect, test } from '@jest/globals'
import { stalePages } from '../../tools/docs/generate.ts'

test('docs/reference is what the code gives; else run node tools/docs/generate.ts', async () => {
  expect(await stalePages()).toEqual([])
})
