import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { makePlace } from './place.ts'

let benchDir: string
beforeEach(() => void (benchDir = mkdtempSync(join(tmpdir(), 'pitcrew-bench-'))))
afterEach(() => rmSync(benchDir, { recursive: true }))

test('L14 what a killed run left behind goes with the next run; what others use and what was fetched stays', () => {
  // Above the greatest number that Linux gives.
  const left = join(benchDir, 'run-4194305')
  const used = join(benchDir, `run-${process.ppid}`)
  const fetched = join(benchDir, 'peers/restate@1')
  for (const folder of [left, used, fetched]) mkdirSync(join(folder, 'more'), { recursive: true })
  const place = makePlace(benchDir)
  expect([left, used, fetched, place.runDir, place.cacheDir].map((folder) => existsSync(folder))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ])
  place.remove()
  expect(existsSync(place.runDir)).toBe(false)
})
