import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import {
  backupName,
  checkFiles,
  folderTarget,
  listBackups,
  pruneBackups,
  readManifest,
  restoreBackup,
  takeBackup,
  verifyWorkflows,
} from '../src/backup/index.ts'
import { logStream } from '../src/index.ts'
import { Ledger, World } from './backup-world.ts'

const world = new World()
afterEach(() => world.close())

const range = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

/** A broker with some workflows that wait, and a backup of it. */
async function waiting(ids: string[]) {
  const ledger = new Ledger()
  const broker = await world.broker()
  const platform = await world.platform(broker, ledger)
  await Promise.all(ids.map((id) => platform.start(id)))
  await eventually(() => expect(ledger.tasks).toHaveLength(ids.length))
  const target = folderTarget(world.folder())
  const manifest = await takeBackup({ connection: platform.connection, target })
  return { broker, platform, ledger, target, manifest }
}

describe('C5 backup and restore', () => {
  test('C5 N1 open workflows go on from a backup that was taken while they ran, and every task is done once', async () => {
    const ledger = new Ledger()
    const broker = await world.broker()
    const before = await world.platform(broker, ledger, { snapshotEvery: 150 })
    const accepted = range('before', 60)
    await Promise.all(accepted.map((id) => before.start(id)))
    const meanwhile = range('meanwhile', 200)
    const busy = (async () => {
      for (const id of meanwhile) {
        await before.start(id)
        await before.go(id)
      }
    })()
    const target = folderTarget(world.folder())
    const manifest = await takeBackup({ connection: before.connection, target })
    await busy
    await before.stop()
    await broker.stop()

    const empty = await world.broker()
    const { connection } = await world.connect(empty)
    await restoreBackup({ connection, target, manifest, withTables: false })
    const reports = await verifyWorkflows(connection)
    expect(reports.map(({ damaged }) => damaged)).toEqual([null, null])
    expect(reports.reduce((sum, { open }) => sum + open, 0)).toBeGreaterThanOrEqual(accepted.length)

    const after = await world.platform(empty, ledger, { snapshotEvery: 150 })
    for (const id of accepted) await after.go(id)
    for (const id of accepted) {
      const gone = expect(after.workflows.get(id)).rejects
      await eventually(() => gone.toMatchObject({ code: 'NOT_FOUND' }))
    }
    const tasks = ledger.tasks.filter((task) => task.startsWith('before'))
    expect(tasks.sort()).toEqual(accepted.flatMap((id) => [`${id}/release`, `${id}/release-again`]).sort())
  }, 60_000)

  test('C5 refuses a broker that is in use and changes nothing there', async () => {
    const { target, manifest } = await waiting(['kept'])
    const used = await world.broker()
    const { start, workflows, connection } = await world.platform(used, new Ledger())
    await start('theirs')
    const before = await verifyWorkflows(connection)
    await expect(restoreBackup({ connection, target, manifest, withTables: true })).rejects.toMatchObject({
      code: 'NOT_EMPTY',
      message: expect.stringContaining(logStream(0)),
      hint: expect.stringContaining('nothing was changed'),
    })
    expect(await verifyWorkflows(connection)).toEqual(before)
    expect((await workflows.get('theirs')).view.status).toBe('running')
  }, 30_000)

  test('C5 a consumer goes on from where the tables are, not from where it was when its stream was copied', async () => {
    const source = await world.broker({ log: false })
    const { connection } = await world.connect(source)
    const manager = await jetstreamManager(connection)
    const client = jetstream(connection)
    for (let i = 1; i <= 6; i++) await client.publish('analysis.alert.raised.v1.x', `${i}`)
    await manager.consumers.add('ANALYSIS', { durable_name: 'cases', ack_policy: AckPolicy.Explicit })
    const consumer = await client.consumers.get('ANALYSIS', 'cases')
    const take = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await (await consumer.next())?.ackAck()
    }
    await take(2)
    const target = folderTarget(world.folder())
    // While the tables are read, two more are handled.
    const sql = { kind: 'test', schemas: () => take(2).then(() => []), save: () => Promise.reject(new Error('none')) }
    const manifest = await takeBackup({ connection, target, sql })
    expect((await manager.consumers.info('ANALYSIS', 'cases')).ack_floor.stream_seq).toBeGreaterThanOrEqual(4)

    const empty = await world.connect(await world.broker({ log: false }))
    await restoreBackup({ connection: empty.connection, target, manifest, withTables: true })
    const again = await (await jetstream(empty.connection).consumers.get('ANALYSIS', 'cases')).next()
    expect(again?.string()).toBe('3')
  }, 30_000)

  test('C5 copies the tables and the log again when the log was cut ahead of the tables meanwhile', async () => {
    const ledger = new Ledger()
    const platform = await world.platform(await world.broker(), ledger)
    const { connection } = await world.connect(platform.broker)
    for (const id of range('w', 20)) await platform.start(id)
    await eventually(() => expect(ledger.tasks).toHaveLength(20))
    const manager = await jetstreamManager(connection)
    await manager.consumers.add(logStream(0), { durable_name: 'cases', ack_policy: AckPolicy.Explicit })
    let asked = 0
    const schemas = async (): Promise<string[]> => {
      // Letting go writes a snapshot and cuts the log behind it.
      if (++asked === 1) await platform.stop()
      return []
    }
    const target = folderTarget(world.folder())
    const told: string[] = []
    const sql = { kind: 'test', schemas, save: () => Promise.reject(new Error('none')) }
    const manifest = await takeBackup({ connection, target, sql, onProgress: (words) => told.push(words) })
    expect(told).toContain('the log was cut ahead of the tables, once more')
    const { connection: empty } = await world.connect(await world.broker({ log: false }))
    await restoreBackup({ connection: empty, target, manifest, withTables: true })
    const reports = await verifyWorkflows(empty)
    expect(reports.map(({ damaged }) => damaged)).toEqual([null, null])
    expect(reports.reduce((sum, { open }) => sum + open, 0)).toBe(20)
  }, 30_000)

  test('C5 a stream far larger than the broker sends ahead arrives whole, with its sequences', async () => {
    const { connection } = await world.connect(await world.broker({ log: false }))
    const client = jetstream(connection)
    const parts = range('part', 48).map((word) => word.padEnd(256 * 1024, '.'))
    for (const part of parts) await client.publish('analysis.alert.raised.v1.x', part)
    const manager = await jetstreamManager(connection)
    await manager.streams.purge('ANALYSIS', { seq: 5 })
    const target = folderTarget(world.folder())
    const manifest = await takeBackup({ connection, target })
    const { connection: empty } = await world.connect(await world.broker({ log: false }))
    await restoreBackup({ connection: empty, target, manifest, withTables: true })
    const restored = await jetstreamManager(empty)
    const { state } = await restored.streams.info('ANALYSIS')
    expect(state).toMatchObject({ first_seq: 5, last_seq: 48, messages: 44 })
    for (const seq of [5, 30, 48])
      expect((await restored.streams.getMessage('ANALYSIS', { seq }))?.string()).toBe(parts[seq - 1])
  }, 30_000)

  test('C5 leaves out telemetry and leases, and says so', async () => {
    const { manifest } = await waiting(['one'])
    expect(manifest.left.map(({ name }) => name)).toEqual(['$MQTT_msgs', 'KV_leases', 'TELEMETRY'])
    expect(manifest.streams.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['TASKS', 'ANALYSIS', 'WORKFLOW_LOG_0', 'WORKFLOW_SNAPSHOT_1']),
    )
    expect(manifest).toMatchObject({ partitions: 2, server: expect.stringMatching(/^2\./), sql: null })
  }, 30_000)
})

describe('C5 verifying the files of a backup', () => {
  const log = join('streams', `${logStream(0)}.snapshot`)

  test('C5 finds one bit flipped, a file cut short and a file that is gone, and restores none of it', async () => {
    const { target, manifest } = await waiting(['a', 'b', 'c'])
    const folder = target.place
    expect(await checkFiles(target, manifest)).toEqual([])
    const file = join(folder, log)
    const whole = readFileSync(file)

    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1]! ^= 0x10
    writeFileSync(file, flipped)
    const found = await checkFiles(target, manifest)
    expect(found).toEqual([{ path: log, why: expect.stringContaining('SHA-256') }])
    const { connection } = await world.connect(await world.broker({ log: false }))
    await expect(restoreBackup({ connection, target, manifest, withTables: true })).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringContaining(log),
    })
    await expect(verifyWorkflows(connection)).rejects.toMatchObject({ code: 'NO_LOG' })

    writeFileSync(file, whole)
    truncateSync(file, statSync(file).size - 1)
    const short = { path: log, why: `it has ${whole.length - 1} bytes, expected ${whole.length}` }
    expect(await checkFiles(target, manifest)).toEqual([short])

    rmSync(file)
    expect(await checkFiles(target, manifest)).toEqual([{ path: log, why: 'the file is not there' }])
  }, 30_000)

  test('C5 a manifest that was changed is not believed, and a backup without one is none', async () => {
    const { target } = await waiting(['a'])
    const file = join(target.place, 'manifest.json')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('"partitions": 2', '"partitions": 3'))
    await expect(readManifest(target)).rejects.toMatchObject({ code: 'MANIFEST_DAMAGED' })
    writeFileSync(file, text.slice(0, 100))
    await expect(readManifest(target)).rejects.toMatchObject({ code: 'MANIFEST_DAMAGED' })
    rmSync(file)
    await expect(readManifest(target)).rejects.toMatchObject({ code: 'NO_BACKUP' })
  }, 30_000)

  test('C5 keeps the newest whole backups and removes what is older, also what was broken off', async () => {
    const { connection } = await world.connect(await world.broker({ log: false }))
    const place = folderTarget(world.folder())
    const names = [1, 2, 3, 4].map((day) => backupName(new Date(Date.UTC(2026, 10, day))))
    for (const name of names) await takeBackup({ connection, target: place.below(name), without: ['TELEMETRY'] })
    await place.below(names[0]!).remove('manifest.json')
    await place.below(names[3]!).remove('manifest.json')
    expect((await listBackups(place)).map(({ name, is }) => `${name} ${is}`)).toEqual([
      `${names[3]} unfinished`,
      `${names[2]} whole`,
      `${names[1]} whole`,
      `${names[0]} unfinished`,
    ])
    expect(await pruneBackups(place, 1)).toEqual([names[1], names[0]])
    expect((await listBackups(place)).map(({ name }) => name)).toEqual([names[3], names[2]])
    expect(await pruneBackups(place, 1)).toEqual([])
  }, 30_000)

  test('C5 a path in a manifest cannot lead out of the backup', async () => {
    const target = folderTarget(world.folder())
    expect(() => target.read('../outside')).toThrow(expect.objectContaining({ code: 'BAD_PATH' }))
  })
})
