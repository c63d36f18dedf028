import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash, createHmac } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findNatsServer } from '@pitcrew/broker'
import { services } from '@pitcrew/contracts'
import { openDatabase, type Database, type Sql } from '@pitcrew/database'
import { root } from './files.ts'
import { databaseRolesSql, keepers, roleOf, schemas, verifierOf, type Keeper } from './provisioning.ts'

const run = promisify(execFile)
const setup = join(root, 'tools/provisioning/setup.ts')

let home: string
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'pitcrew-deploy-'))))
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Secret {
  metadata: { name: string }
  stringData: Record<string, string>
}

async function secretsOf(state: string, ...more: string[]): Promise<Record<string, Record<string, string>>> {
  const { stdout } = await run(process.execPath, [setup, '--state', join(home, state), '--kubernetes', ...more])
  const { items } = JSON.parse(stdout) as { items: Secret[] }
  return Object.fromEntries(
    items.map(({ metadata, stringData }) => [metadata.name.replace('pitcrew-', ''), stringData]),
  )
}

describe('the credentials of a deployment', () => {
  test('N10 are made once, and are others elsewhere', async () => {
    const first = await secretsOf('one')
    expect(await secretsOf('one')).toEqual(first)
    expect((await secretsOf('two'))['scheduling']).not.toEqual(first['scheduling'])
    expect(statSync(join(home, 'one', 'secrets.json')).mode & 0o077).toBe(0)
  })

  test('N5 are each known to one container', async () => {
    const bundles = await secretsOf('one')
    const kept = ['secrets.json', 'identities.json'].flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(join(home, 'one', file), 'utf8')) as Record<string, string>),
    )
    expect(kept.length).toBeGreaterThan(2 * services.length)
    for (const [name, secret] of kept) {
      const holders = Object.entries(bundles).filter(([, files]) => JSON.stringify(files).includes(secret))
      expect([name, holders.length]).toEqual([name, 1])
    }
  })

  test('N10 name the database that was asked for, with the service’s own role', async () => {
    const bundles = await secretsOf('one', '--database', 'postgres://db.example:6432/fleet?sslmode=verify-full')
    const env = bundles['customer-engagement']!['service.env']!
    expect(env).toMatch(
      /^DATABASE_URL=postgres:\/\/customer_engagement:[\w-]{43}@db\.example:6432\/fleet\?sslmode=verify-full$/m,
    )
    expect(bundles['gateway']!['service.env']).not.toContain('DATABASE_URL')
  })

  test('are files for their owner alone, beside public ones', async () => {
    const volumes = join(home, 'volumes')
    await run(process.execPath, [setup, '--state', join(home, 'one'), '--volumes', volumes])
    const mode = (path: string) => (statSync(join(volumes, path)).mode & 0o777).toString(8)
    expect([mode('scheduling'), mode('scheduling/service.env')]).toEqual(['700', '400'])
    expect([mode('nats'), mode('nats/users.conf'), mode('postgres/roles.sql')]).toEqual(['755', '444', '444'])
  })

  test('are not made anew over a file that is broken', async () => {
    mkdirSync(join(home, 'broken'))
    writeFileSync(join(home, 'broken', 'secrets.json'), '{"database-admin": 5}')
    await expect(secretsOf('broken')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SECRETS_UNREADABLE'),
    })
  })

  test('are asked for wrongly: usage, exit code 2', async () => {
    await expect(run(process.execPath, [setup])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--state'),
    })
  })
})

/** What the server proves of itself in the example of RFC 7677, section 3. */
test('a verifier is what RFC 7677 computes', () => {
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ=='
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const said = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`
  const [, storedKey, serverKey] = /\$(.{44}):(.{44})$/.exec(verifierOf('pencil', Buffer.from(salt, 'base64')))!
  const signature = createHmac('sha256', Buffer.from(serverKey!, 'base64')).update(said).digest('base64')
  expect(signature).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  const clientSignature = createHmac('sha256', Buffer.from(storedKey!, 'base64')).update(said).digest()
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')
  const clientKey = proof.map((byte, n) => byte ^ clientSignature[n]!)
  expect(createHash('sha256').update(clientKey).digest('base64')).toBe(storedKey)
})

describe('the roles of the database', () => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase({ url: 'pglite:memory' })
    const [{ name }] = (await database.query<{ name: string }>('select current_database() as name')) as [
      { name: string },
    ]
    const passwords = Object.fromEntries(keepers.map((keeper) => [keeper, `password of ${keeper}`])) as Record<
      Keeper,
      string
    >
    const sql = databaseRolesSql({ database: name, adminPassword: 'of the superuser', passwords })
    for (let time = 0; time < 2; time++) await database.transaction((tx) => tx.script(sql))
  })
  afterAll(() => database.close())

  const as = <T>(keeper: Keeper, act: (tx: Sql) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.script(`set local role ${roleOf(keeper)}`)
      return act(tx)
    })

  test.each(keepers)('N5 let %s do what it likes in its own schema', async (keeper) => {
    const schema = schemas[keeper]
    await as(keeper, (tx) => tx.script(`create table ${schema}.own (n int); insert into ${schema}.own values (1)`))
    expect(await as(keeper, (tx) => tx.query(`select n from ${schema}.own`))).toEqual([{ n: 1 }])
  })

  test.each(keepers)('N5 let %s neither into the schema of another nor make one', async (keeper) => {
    const refused = { code: 'DATABASE_ACCESS_DENIED' }
    const other = keepers.find((one) => one !== keeper)!
    await expect(as(keeper, (tx) => tx.query(`select n from ${schemas[other]}.own`))).rejects.toMatchObject(refused)
    await expect(as(keeper, (tx) => tx.script('create schema mine'))).rejects.toMatchObject(refused)
    await expect(as(keeper, (tx) => tx.script('create table public.mine (n int)'))).rejects.toMatchObject(refused)
  })
})

test.each([
  ['one server', 'deploy/nats/nats.conf'],
  ['a cluster', 'deploy/kubernetes/overlays/production/nats.conf'],
])('nats-server takes the configuration of %s with its users', async (form, path) => {
  const { path: server } = await findNatsServer({ cacheDir: join(root, '.pitcrew/bin') })
  const { nats } = await secretsOf('one')
  const folder = join(home, form)
  mkdirSync(join(folder, 'users'), { recursive: true })
  cpSync(join(root, path), join(folder, 'nats.conf'))
  writeFileSync(join(folder, 'users/users.conf'), nats!['users.conf']!)
  const { stderr, stdout } = await run(server, ['-t', '--config', join(folder, 'nats.conf')], {
    env: { POD_NAME: 'nats-0' },
  })
  expect(`${stdout}${stderr}`).toContain('is valid')
})
