import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { checksumProblem } from './release.ts'

const content = Buffer.from('an archive')
const sum = createHash('sha256').update(content).digest('hex')
const name = 'nats-server-v2.14.9-linux-amd64.tar.gz'

describe('the checksum of a release archive', () => {
  test.each([
    ['two spaces', `${'0'.repeat(64)}  other.zip\n${sum}  ${name}\n`],
    ['a star for binary', `${sum} *${name}`],
    ['capitals', `${sum.toUpperCase()}  ${name}`],
  ])('is accepted when the list has it with %s', (_, sums) => {
    expect(checksumProblem(sums, name, content)).toBeUndefined()
  })

  test('is refused when it differs', () => {
    expect(checksumProblem(`${'0'.repeat(64)}  ${name}`, name, content)).toContain(sum)
  })

  test('is refused when the list does not name the archive', () => {
    expect(checksumProblem(`${sum}  ${name}.sig`, name, content)).toContain('does not list')
    expect(checksumProblem('', name, content)).toContain('does not list')
  })
})
