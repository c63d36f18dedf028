import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { append, arrive, follow, genesis, type Link, type Verdict } from './audit-chain.ts'

function chain(length: number): Link[] {
  const links: Link[] = []
  for (let n = 1; n <= length; n++)
    links.push(append(links.at(-1) ?? genesis, { id: `e-${n}`, actor: 'scheduling.a', operation: 'x' }))
  return links
}

function verify(links: readonly Link[], head = links.at(-1) ?? genesis): Verdict {
  return arrive(links.reduce<Verdict>(follow, { intact: true, head: genesis }), head)
}

describe('N6 audit chain', () => {
  test('N6 the first hash is SHA-256 over 32 zero bytes and the canonical record', () => {
    const [first] = chain(1)
    expect(first!.record).toBe('{"actor":"scheduling.a","id":"e-1","number":1,"operation":"x"}')
    expect(first!.hash).toBe(createHash('sha256').update(Buffer.alloc(32)).update(first!.record).digest('hex'))
  })

  test('N6 an untouched chain is intact, also an empty one', () => {
    expect(verify(chain(20))).toMatchObject({ intact: true, head: { number: 20 } })
    expect(verify([])).toEqual({ intact: true, head: genesis })
  })

  const edits: [string, (links: Link[]) => Link[], number][] = [
    [
      'a changed record',
      (links) =>
        links.map((link) => (link.number === 7 ? { ...link, record: link.record.replace('"x"', '"y"') } : link)),
      7,
    ],
    [
      'a changed record with its own hash made to fit',
      (links) => links.map((link) => (link.number === 7 ? { ...append(links[5]!, { id: 'forged' }) } : link)),
      8,
    ],
    ['a dropped record', (links) => links.filter(({ number }) => number !== 7), 7],
    ['two swapped records', (links) => [...links.slice(0, 6), links[7]!, links[6]!, ...links.slice(8)], 7],
    ['a doubled record', (links) => [...links.slice(0, 7), links[6]!, ...links.slice(7)], 8],
    [
      'a record that is not JSON',
      (links) => links.map((link) => (link.number === 7 ? { ...link, record: '{' } : link)),
      7,
    ],
    [
      'a number that differs from the one inside',
      (links) => links.map((link) => (link.number === 7 ? { ...link, number: 70 } : link)),
      7,
    ],
  ]
  test.each(edits)('N6 %s is found', (_name, edit, brokenAt) => {
    expect(verify(edit(chain(10)))).toMatchObject({ intact: false, brokenAt })
  })

  test('N6 a cut tail is found against the head', () => {
    const links = chain(10)
    expect(verify(links.slice(0, 8), links.at(-1))).toMatchObject({ intact: false, brokenAt: 9 })
  })
})
