/** How it is decided what tests run on, against engines that answer as we want. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rmSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { containersFor } from '../src/docker.ts'

const before = { ...process.env }
const verdicts = join(tmpdir(), `pitcrew-${userInfo().uid}`)
const servers: Server[] = []
let asked: string[]

beforeEach(() => {
  asked = []
  delete process.env.TESTCONTAINERS
})
afterEach(() => {
  process.env = { ...before }
  rmSync(join(verdicts, 'no-image-pitcrew-absent-1'), { force: true })
  for (const server of servers.splice(0)) server.closeAllConnections()
})

async function engine(answer: (method: string, path: string) => { status: number; body?: object } | 'silence') {
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(`${request.method} ${path.split('?')[0]}`)
    const said = path === '/_ping' ? { status: 200 } : answer(request.method ?? '', path)
    if (said === 'silence') return
    response.writeHead(said.status).end(JSON.stringify(said.body ?? {}))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  process.env.DOCKER_HOST = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an image that is there is used, and what dead tests left is removed', async () => {
  const orphan = { Id: 'orphan', Labels: { 'pitcrew.test.owner': `${hostname()}/999999999` } }
  const ours = { Id: 'ours', Labels: { 'pitcrew.test.owner': `${hostname()}/${process.pid}` } }
  const elsewhere = { Id: 'elsewhere', Labels: { 'pitcrew.test.owner': 'another-host/999999999' } }
  await engine((method, path) => {
    if (path.includes('ryuk')) return { status: 404 }
    return { status: 200, body: path.startsWith('/containers/json') ? [orphan, ours, elsewhere] : {} }
  })
  await expect(containersFor('pitcrew-present:1')).resolves.toBe(true)
  expect(process.env.TESTCONTAINERS_RYUK_DISABLED).toBe('true')
  expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /containers/orphan'])
})

test('an image that cannot be pulled is not, and is not asked for again', async () => {
  await engine((method) => ({ status: method === 'POST' ? 500 : 404 }))
  await expect(containersFor('pitcrew-absent:1')).resolves.toBe(false)
  await expect(containersFor('pitcrew-absent:1')).resolves.toBe(false)
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual(['POST /images/create'])
})

test('no engine, or one that is not to be used, falls back; TESTCONTAINERS=on fails instead', async () => {
  process.env.DOCKER_HOST = 'tcp://127.0.0.1:1'
  await expect(containersFor('pitcrew-present:1')).resolves.toBe(false)
  process.env.TESTCONTAINERS = 'on'
  await expect(containersFor('pitcrew-present:1')).rejects.toMatchObject({ code: 'NO_CONTAINERS' })
  await engine(() => ({ status: 200 }))
  process.env.TESTCONTAINERS = 'off'
  await expect(containersFor('pitcrew-present:1')).resolves.toBe(false)
  expect(asked).toEqual([])
})

test('an engine that does not answer within a second is none', async () => {
  await engine(() => 'silence')
  const began = performance.now()
  await expect(containersFor('pitcrew-absent:1')).resolves.toBe(false)
  expect(performance.now() - began).toBeLessThan(9_000)
}, 15_000)
