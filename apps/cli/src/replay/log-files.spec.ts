import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { logFiles } from './log-files.ts'

test.each([
  [/\.(log|txt)$/i, /expected names like \.\(log\|txt\)$/],
  [/^test_\w+\.txt$/i, /expected names like test_\*\.txt$/],
])('a folder without logs of %s: what they are called is said as a person writes it', (names, said) => {
  const folder = mkdtempSync(join(tmpdir(), 'pitcrew-logs-'))
  try {
    expect(() => logFiles(folder, '/', names)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_FOUND', message: expect.stringMatching(said) }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
