import { DiscardPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { verifyWorkflows, type PartitionReport } from '../src/backup/index.ts'
import { readFrames } from '../src/backup/read-frames.ts'
import { chunkSubject, logStream, logSubject, snapshotStream } from '../src/streams.ts'
import { Ledger, World } from './backup-world.ts'

const world = new World()
afterEach(() => world.close())

/** Frames of a log that workflows wrote, as the broker had them. */
let frames: readonly Buffer[]
beforeAll(async () => void (frames = await written()), 30_000)

async function written(): Promise<Buffer[]> {
  const ledger = new Ledger()
  const broker = await world.broker()
  const platform = await world.platform(broker, ledger)
  for (let i = 0; i < 20; i++) await platform.start(`w-${i}`)
  await eventually(() => expect(ledger.tasks).toHaveLength(20))
  const frames: Buffer[] = []
  for await (const { frame } of readFrames(platform.connection, 0)) frames.push(Buffer.from(frame))
  expect(frames.length).toBeGreaterThan(10)
  await world.close()
  return frames
}

/** A log of those frames on a broker of its own, from which frames can be taken out. */
async function logOf(frames: readonly Buffer[]) {
  const { connection } = await world.connect(await world.broker())
  const manager = await jetstreamManager(connection)
  for (const partition of [0, 1]) {
    await manager.streams.delete(logStream(partition))
    const subjects = [logSubject(partition)]
    await manager.streams.add({ name: logStream(partition), subjects, discard: DiscardPolicy.Old })
  }
  const client = jetstream(connection)
  for (const frame of frames) await client.publish(logSubject(0), frame)
  const verify = async (): Promise<PartitionReport> => (await verifyWorkflows(connection))[0] as PartitionReport
  return { manager, client, connection, verify }
}

describe('C5 verifying the workflow log', () => {
  test('C5 says what is there: frames, transitions, open workflows, from when to when', async () => {
    const { verify, manager } = await logOf(frames)
    const report = await verify()
    const { state } = await manager.streams.info(logStream(0))
    expect(report).toMatchObject({ partition: 0, frames: state.messages, ended: 0, snapshot: null, damaged: null })
    expect(report.open).toBeGreaterThan(0)
    expect(report.transitions).toBeGreaterThanOrEqual(2 * report.open)
    expect(Date.parse(report.firstAt!)).toBeLessThanOrEqual(Date.parse(report.lastAt!))
  }, 30_000)

  test.each([0, 4, 8, 40])(
    'C5 finds a bit flipped in byte %d of a frame, and says in which',
    async (byte) => {
      const flipped = Buffer.from(frames[6]!)
      flipped[byte]! ^= 0x04
      const { damaged } = await (await logOf(frames.with(6, flipped))).verify()
      expect(damaged).toMatchObject({ sequence: 7, code: 'LOG_DAMAGED' })
    },
    30_000,
  )

  test('C5 finds a frame that is missing, doubled or cut short', async () => {
    const without = await logOf(frames.toSpliced(6, 1))
    expect((await without.verify()).damaged).toMatchObject({ sequence: 7, message: expect.stringContaining('missing') })
    const twice = await logOf(frames.toSpliced(6, 0, frames[5]!))
    expect((await twice.verify()).damaged).toMatchObject({ sequence: 7, message: expect.stringContaining('doubled') })
    const short = await logOf(frames.with(6, frames[6]!.subarray(0, -1)))
    expect((await short.verify()).damaged).toMatchObject({ sequence: 7, code: 'LOG_DAMAGED' })
  }, 60_000)

  test('C5 finds a gap in the sequence, and the beginning of a log that is gone without a snapshot', async () => {
    const { manager, verify } = await logOf(frames)
    await manager.streams.deleteMessage(logStream(0), 5)
    expect((await verify()).damaged).toMatchObject({ sequence: 4, message: 'frame 5 is not there' })
    await manager.streams.purge(logStream(0), { seq: 8 })
    expect((await verify()).damaged).toMatchObject({ message: expect.stringContaining('the log begins at 8') })
  }, 30_000)

  test('C5 holds the snapshot against the log, and finds a part of it that is gone', async () => {
    const ledger = new Ledger()
    const broker = await world.broker()
    const platform = await world.platform(broker, ledger)
    for (let i = 0; i < 20; i++) await platform.start(`w-${i}`)
    await eventually(() => expect(ledger.tasks).toHaveLength(20))
    await platform.stop()
    const { connection } = await world.connect(broker)
    const reports = await verifyWorkflows(connection)
    expect(reports.map(({ damaged }) => damaged)).toEqual([null, null])
    expect(reports[0]!.snapshot).toBeGreaterThan(0)
    expect(reports.reduce((sum, { open }) => sum + open, 0)).toBe(20)

    const manager = await jetstreamManager(connection)
    const chunk = await manager.streams.getMessage(snapshotStream(0), { last_by_subj: chunkSubject(0) })
    await manager.streams.deleteMessage(snapshotStream(0), chunk!.seq)
    const [first, second] = await verifyWorkflows(connection)
    expect(first!.damaged).toMatchObject({ code: 'SNAPSHOT_DAMAGED' })
    expect(second!.damaged).toBeNull()
  }, 60_000)
})
