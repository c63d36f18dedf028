import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { startBroker, type Broker } from '../src/index.ts'
import { identify } from '../src/process-identity.ts'
import { OBTAIN_MS, realServer, scratch, until, type Scratch } from './real-server.ts'

let executable: string
let dir: Scratch
let store: string
let owner: ChildProcess | undefined
let broker: Broker | undefined

beforeAll(async () => void (executable = (await realServer()).path), OBTAIN_MS)
beforeEach(() => {
  dir = scratch()
  store = join(dir.path, 'store')
})
afterEach(async () => {
  owner?.kill('SIGKILL')
  await broker?.stop()
  broker = undefined
  dir[Symbol.dispose]()
})

/** Another process that runs a broker on the store; resolves with the server's pid once it is ready. */
async function startOwner(): Promise<number> {
  owner = spawn('node', [join(import.meta.dirname, 'owner.ts'), executable, store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed] = await once(owner.stdout!, 'data')
  return Number(String(printed))
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await once(child, 'exit')
}

const start = async () => (broker = await startBroker({ executable, storeDir: store, syncAlways: true }))

function tetherOf(server: number): number {
  const name = `pitcrew-tether ${server}`
  if (process.platform !== 'linux') return Number(execFileSync('pgrep', ['-f', `${name}$`], { encoding: 'utf8' }))
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => pid > 0 && identify(pid)?.command.endsWith(name))!
}

describe('a broker whose owner is gone', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('ends with it: %s', async (signal) => {
    const server = await startOwner()
    expect(identify(server)?.command).toContain('nats-server')
    await end(owner!, signal)
    await until(() => identify(server) === undefined)
    expect((await start()).previousRun).toBe('crashed')
  })

  test('is stopped by the next start when it lives on all the same', async () => {
    const server = await startOwner()
    process.kill(tetherOf(server), 'SIGKILL')
    await end(owner!, 'SIGKILL')
    expect(identify(server)).toBeDefined()
    const next = await start()
    expect(next.previousRun).toBe('orphaned')
    expect(identify(server)).toBeUndefined()
  })

  test('is left alone while its owner lives', async () => {
    const server = await startOwner()
    await expect(start()).rejects.toMatchObject({ code: 'BROKER_STORE_IN_USE', details: { server } })
    expect(identify(server)).toBeDefined()
  })

  test('is not mistaken for a process that only has its number', async () => {
    const bystander = spawn('node', ['-e', 'setInterval(() => {}, 1000)'])
    await once(bystander, 'spawn')
    await (await start()).stop()
    const gone = { pid: 2 ** 22 + 1, startedAt: '1' }
    const { startedAt } = identify(bystander.pid!)!
    for (const server of [
      { pid: bystander.pid, startedAt: 'another time' },
      { pid: bystander.pid, startedAt },
    ]) {
      writeFileSync(join(store, 'broker.json'), JSON.stringify({ owner: gone, server }))
      expect((await start()).previousRun).toBe('crashed')
      await broker!.stop()
      expect(identify(bystander.pid!)).toBeDefined()
    }
    await end(bystander, 'SIGKILL')
  })

  test('refuses a claim that cannot be read', async () => {
    await (await start()).stop()
    writeFileSync(join(store, 'broker.json'), '{')
    await expect(start()).rejects.toMatchObject({ code: 'BROKER_CLAIM_UNREADABLE' })
  })
})
