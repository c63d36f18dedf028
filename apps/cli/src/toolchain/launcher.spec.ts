import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Checkout, PINNED } from './checkout.ts'

/** All that the launcher may start when there is nothing to do; git and npm are only looked for. */
const NOTHING_TO_DO = ['cksum', 'uname', 'readlink', 'git', 'npm']
const TO_INSTALL = [...NOTHING_TO_DO, 'find', 'grep', 'mkdir', 'mv', 'rm', 'cat', 'date', 'sleep', 'id', 'env']

/** A registry that nobody answers for, without npm's patience. */
const NO_REGISTRY = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' }

let checkout: Checkout
beforeEach(() => void (checkout = new Checkout()))
afterEach(() => checkout[Symbol.dispose]())

const gone = String(2 ** 22 + 1)
const installs = (stderr: string) => stderr.match(/installing npm packages \.\.\. done in \d+ s\n/g)?.length ?? 0

describe('N10 ./pitcrew', () => {
  test('installs the packages once, and runs the command line on the pinned Node', async () => {
    const first = await checkout.start(['up', '--data', 'a b'])
    expect(first.stderr).toMatch(/^pitcrew: installing npm packages \.\.\. done in \d+ s\n$/)
    expect(first.args).toEqual(['up', '--data', 'a b'])
    expect(first.node).toBe(join(checkout.root, `node_modules/${PINNED}/bin/node`))
    expect(first.flags).toEqual(['--disable-warning=ExperimentalWarning'])
    expect((await checkout.start()).stderr).toBe('')
  })

  test('starts nothing but cksum and uname when there is nothing to do', async () => {
    await checkout.start()
    const again = await checkout.start([], { env: { PATH: checkout.pathWith(...NOTHING_TO_DO) } })
    expect(again.stderr).toBe('')
  })

  test('works from any folder and through links, and tells from which folder it was called', async () => {
    const elsewhere = join(checkout.root, 'else where')
    mkdirSync(elsewhere)
    symlinkSync('../pitcrew', join(elsewhere, 'relative'))
    symlinkSync(join(elsewhere, 'relative'), join(elsewhere, 'absolute'))
    for (const command of ['./relative', './absolute', '../pitcrew']) {
      const started = await checkout.start([], { cwd: elsewhere, command })
      expect(started).toMatchObject({ cwd: elsewhere, callerCwd: elsewhere })
    }
  })

  test('installs again when the lock file changed, and not when somebody ran npm by hand', async () => {
    await checkout.start()
    checkout.depend(PINNED, 'another-package')
    expect(installs((await checkout.start()).stderr)).toBe(1)
    expect(existsSync(join(checkout.root, 'node_modules/another-package'))).toBe(true)

    checkout.depend(PINNED, 'a-third-package')
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: checkout.root, stdio: 'pipe' })
    expect((await checkout.start()).stderr).toBe('')
  })

  test('lets one install when several start at once', async () => {
    const started = await Promise.all([checkout.start(), checkout.start(), checkout.start()])
    expect(started.map(({ stderr }) => installs(stderr)).sort()).toEqual([0, 0, 1])
    expect(existsSync(join(checkout.root, '.pitcrew/install.lock'))).toBe(false)
  })

  test.each([
    ['signed', gone],
    ['unsigned', undefined],
  ])('takes over a lock whose owner is gone: %s', async (_, owner) => {
    const lock = join(checkout.root, '.pitcrew/install.lock')
    mkdirSync(lock, { recursive: true })
    if (owner) writeFileSync(join(lock, 'pid'), `${owner}\n`)
    expect(installs((await checkout.start()).stderr)).toBe(1)
    expect(existsSync(lock)).toBe(false)
  })

  test('installs for a user without a home', async () => {
    expect(installs((await checkout.start([], { env: { HOME: '' } })).stderr)).toBe(1)
  })

  test('installs from a lock file that does not name the packages of other platforms, and leaves it as it is', async () => {
    checkout.write('package.json', {
      name: 'checkout',
      version: '1.0.0',
      dependencies: { [PINNED]: `file:${PINNED}` },
      optionalDependencies: { 'of-another-platform': '1.0.0' },
    })
    const lockfile = readFileSync(join(checkout.root, 'package-lock.json'))
    expect(installs((await checkout.start([], { env: NO_REGISTRY })).stderr)).toBe(1)
    expect(readFileSync(join(checkout.root, 'package-lock.json'))).toEqual(lockfile)
    expect((await checkout.start()).stderr).toBe('')
  })

  test('shows what npm said when it fails, and is ready for the next attempt', async () => {
    const lockfile = readFileSync(join(checkout.root, 'package-lock.json'))
    checkout.dependOnRegistry('out-of-reach')
    const failed = await checkout.run([], { env: NO_REGISTRY })
    expect(failed).toMatchObject({ code: 69, stdout: '' })
    expect(failed.stderr).toMatch(/npm error[^]*pitcrew: INSTALL_FAILED: [^]*next: /)
    checkout.depend(PINNED)
    expect(readFileSync(join(checkout.root, 'package-lock.json'))).toEqual(lockfile)
    expect(installs((await checkout.start()).stderr)).toBe(1)
  })

  test.each([
    ['GIT_MISSING', ['npm']],
    ['NPM_MISSING', ['git']],
    ['NODE_MISSING', ['npm', 'git']],
  ])('says %s and what to do about it', async (code, programs) => {
    const PATH = checkout.pathWith('cksum', 'uname', 'readlink', ...programs)
    const failed = await checkout.run([], { env: { PATH } })
    expect(failed).toMatchObject({ code: 69, stdout: '' })
    expect(failed.stderr).toMatch(new RegExp(`^pitcrew: ${code}: .*\n  next: install .*\n$`))
  })

  test('refuses a Node that is too old to install with', async () => {
    const PATH = checkout.pathWith(...TO_INSTALL)
    checkout.program(PATH, 'node', 'v16.20.2')
    const failed = await checkout.run([], { env: { PATH } })
    expect(failed.stderr).toContain('pitcrew: NODE_TOO_OLD: node on PATH is v16.20.2, needed is 18 or newer')
  })

  test('where no Node is pinned, runs on the one of the system if that is new enough', async () => {
    using bare = new Checkout({ pinned: false })
    expect((await bare.start()).args).toEqual([])
    const PATH = bare.pathWith(...TO_INSTALL)
    bare.program(PATH, 'node', 'v22.1.0')
    const failed = await bare.run([], { env: { PATH } })
    expect(failed.stderr).toContain('pitcrew: NODE_UNSUITED: there is no pinned Node')
  })
})
