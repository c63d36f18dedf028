import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fromPublic, fromSeed } from '@nats-io/nkeys'
import { ensureIdentities } from './identities.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'identities-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const file = () => join(dir, 'identities.json')

describe('N5 the identities of the services', () => {
  test('are key pairs that sign for what the broker can check', async () => {
    const { scheduling } = await ensureIdentities(dir, ['scheduling'])
    const challenge = new TextEncoder().encode('nonce')
    const signature = fromSeed(new TextEncoder().encode(scheduling.seed)).sign(challenge)
    expect(fromPublic(scheduling.publicKey).verify(challenge, signature)).toBe(true)
    expect(scheduling.publicKey).toMatch(/^U[A-Z2-7]{55}$/)
  })

  test('stay the same, and new names join them', async () => {
    const before = await ensureIdentities(dir, ['ueba', 'gateway'])
    const after = await ensureIdentities(dir, ['gateway', 'scheduling'])
    expect(after.gateway).toEqual(before.gateway)
    expect(new Set([after.gateway.publicKey, after.scheduling.publicKey, before.ueba.publicKey]).size).toBe(3)
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')))).toEqual(['ueba', 'gateway', 'scheduling'])
  })

  test('are the same for all who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, (_, i) => ensureIdentities(dir, ['shared', `own-${i}`])))
    expect(new Set(asked.map((answer) => answer.shared!.seed)).size).toBe(1)
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')))).toHaveLength(9)
  })

  test('can be read by their owner alone, also after somebody opened the file', async () => {
    await ensureIdentities(dir, ['ueba'])
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    writeFileSync(file(), readFileSync(file()), { mode: 0o644 })
    await ensureIdentities(dir, ['ueba'])
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['half a file', '{"ueba": "SU'],
    ['a list', '[]'],
    ['no seed', '{"ueba": "hello"}'],
    ['a seed of another kind', '{"ueba": 12}'],
  ])('are never replaced silently: %s is refused', async (_, content) => {
    writeFileSync(file(), content)
    await expect(ensureIdentities(dir, ['ueba'])).rejects.toMatchObject({ code: 'IDENTITIES_UNREADABLE' })
    expect(readFileSync(file(), 'utf8')).toBe(content)
  })
})
