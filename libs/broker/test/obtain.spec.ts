import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { findNatsServer, PINNED_RELEASE, type Attempt } from '../src/index.ts'
import { onPath } from '../src/run.ts'
import { OBTAIN_MS, realServer, scratch, type Scratch } from './real-server.ts'

let binary: string
let dir: Scratch
let mirror: Server
let answer: (path: string) => Buffer | 'silence'
let asked: string[]

beforeAll(async () => void (binary = (await realServer()).path), OBTAIN_MS)
beforeEach(async () => {
  dir = scratch()
  asked = []
  mirror = createServer((request, response) => {
    asked.push(request.url!)
    const content = answer(request.url!)
    if (content !== 'silence') response.end(content)
  })
  await new Promise<void>((listening) => mirror.listen(0, '127.0.0.1', listening))
})
afterEach(() => {
  mirror.closeAllConnections()
  mirror.close()
  dir[Symbol.dispose]()
})

/** A machine that has nothing but these programs. */
function machineWith(...programs: string[]): { PATH: string; PITCREW_NATS_RELEASES: string } {
  const folder = join(dir.path, 'path')
  mkdirSync(folder, { recursive: true })
  for (const program of programs) symlinkSync(onPath(program, process.env)!, join(folder, program))
  return { PATH: folder, PITCREW_NATS_RELEASES: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}` }
}

/** What the release page offers: the archive with the real server in it, and the list of checksums. */
function release(sumOf: (archive: Buffer) => string) {
  const name = `nats-server-v${PINNED_RELEASE}-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  mkdirSync(join(dir.path, name))
  copyFileSync(binary, join(dir.path, name, 'nats-server'))
  execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: dir.path })
  const archive = readFileSync(join(dir.path, `${name}.tar.gz`))
  answer = (path) => (path.endsWith('/SHA256SUMS') ? Buffer.from(`${sumOf(archive)}  ${name}.tar.gz\n`) : archive)
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')
const cacheDir = () => join(dir.path, 'cache')

function script(name: string, prints: string): string {
  const file = join(dir.path, name)
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\n`)
  chmodSync(file, 0o755)
  return file
}

describe('finding a nats-server', () => {
  test('takes the one that PITCREW_NATS_SERVER names before any other', async () => {
    const server = await findNatsServer({ cacheDir: cacheDir(), env: { PITCREW_NATS_SERVER: binary } })
    expect(server).toMatchObject({ path: binary, source: 'environment' })
  })

  test.each([
    ['NATS_SERVER_TOO_OLD', () => script('old', 'nats-server: v2.13.9'), '2.14 or newer'],
    ['NATS_SERVER_UNUSABLE', () => script('other', 'hello'), 'is not a nats-server'],
    ['NATS_SERVER_UNUSABLE', () => '/nowhere/nats-server', 'does not run'],
  ])('refuses with %s what PITCREW_NATS_SERVER names and will not do', async (code, file, words) => {
    const search = findNatsServer({ cacheDir: cacheDir(), env: { ...machineWith(), PITCREW_NATS_SERVER: file() } })
    await expect(search).rejects.toMatchObject({ code, kind: 'terminal', message: expect.stringContaining(words) })
  })

  test('passes over one on PATH that is too old', async () => {
    release(sha256)
    const env = machineWith('tar', 'gzip', 'sh')
    copyFileSync(script('old', 'nats-server: v2.9.10'), join(env.PATH, 'nats-server'))
    const attempts: Attempt[] = []
    const server = await findNatsServer({ cacheDir: cacheDir(), env, onProgress: (attempt) => attempts.push(attempt) })
    expect(server.source).toBe('release')
    expect(attempts).toContainEqual({ source: 'path', outcome: 'missed', words: expect.stringContaining('is 2.9.10') })
  })

  test('fetches the release once for all who ask at once, and leaves only the server in the cache', async () => {
    release(sha256)
    const env = machineWith('tar', 'gzip')
    const ask = () => findNatsServer({ cacheDir: cacheDir(), env })
    const servers = await Promise.all([ask(), ask(), ask()])
    expect(servers.map((server) => server.source).sort()).toEqual(['cache', 'cache', 'release'])
    expect(asked).toHaveLength(2)
    expect(readdirSync(cacheDir())).toEqual([expect.stringMatching(/^nats-server-/)])
    expect((await ask()).source).toBe('cache')
  })

  test('keeps what it fetched in the cache of the user when there is one', async () => {
    release(sha256)
    const env = { ...machineWith('tar', 'gzip'), HOME: join(dir.path, 'home') }
    const server = await findNatsServer({ cacheDir: cacheDir(), env })
    expect(server.path.startsWith(join(dir.path, 'home', '.cache', 'pitcrew'))).toBe(true)
    expect(existsSync(cacheDir())).toBe(false)
  })

  test('uses nothing of an archive whose checksum is wrong', async () => {
    release(() => '0'.repeat(64))
    const search = findNatsServer({ cacheDir: cacheDir(), env: machineWith('tar', 'gzip') })
    await expect(search).rejects.toMatchObject({ message: expect.stringContaining('the release lists 000') })
    expect(readdirSync(cacheDir())).toEqual([])
  })

  test('gives up on a host that does not answer within seconds, and says what was tried', async () => {
    answer = () => 'silence'
    const began = performance.now()
    const search = findNatsServer({ cacheDir: cacheDir(), env: machineWith() })
    const failure = await search.catch((error: unknown) => error as { code: string; message: string; hint: string })
    expect(failure).toMatchObject({ code: 'NATS_SERVER_UNAVAILABLE', kind: 'retryable' })
    expect(performance.now() - began).toBeLessThan(8_000)
    const { message, hint } = failure as { message: string; hint: string }
    for (const source of ['path', 'cache', 'release', 'go', 'apt', 'docker'])
      expect(message).toContain(`\n  ${source}: `)
    expect(message).toContain('no answer within 3 s')
    expect(hint).toContain('PITCREW_NATS_SERVER')
    expect(hint).toContain('NATS_URL')
  })
})
