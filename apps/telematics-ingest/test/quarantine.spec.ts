import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, quarantine, telemetry } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { collectFrames, platform, rawFrame, type Ingest, type Platform, type Seen } from './platform.ts'

const { ReplayOutcome } = quarantine
const hour = 3_600_000

let world: Platform
let ingest: Ingest
let frames: Seen<telemetry.Frame>[]
const now = Date.now()

beforeAll(async () => {
  world = await platform()
  ingest = await world.start()
  frames = await collectFrames(world.reader, 'quarantine-test')
})

afterAll(() => world.stop())

const all = { vehicleId: '', codes: [], sinceMs: 0 }
const list = async (filter: Partial<quarantine.QuarantineFilter> = {}) =>
  (await ingest.quarantine.listQuarantined({ filter: { ...all, ...filter }, limit: 0 })).entries
const replay = async (filter: Partial<quarantine.QuarantineFilter>, entryIds: string[] = []) =>
  (
    await ingest.quarantine.replayQuarantined({
      entryIds,
      filter: entryIds.length > 0 ? undefined : { ...all, ...filter },
      limit: 0,
    })
  ).results
const timesOf = (vehicleId: string) => frames.filter(({ message }) => message.vehicleId === vehicleId)

/** Makes the broker's own window for duplicates short, and waits until what was published before is out of it. */
async function forgetIds(): Promise<void> {
  const { connection } = world.reader
  const api = async (name: string, body?: unknown) =>
    (await connection.request(`$JS.API.STREAM.${name}.TELEMETRY`, body ? JSON.stringify(body) : '')).json<{
      config: object
    }>()
  await api('UPDATE', { ...(await api('INFO')).config, duplicate_window: 100e6 })
  const again = () =>
    world.reader.publish(events.readingQuarantined, 'mark', { refusals: [], receivedTimeMs: 1 }, { id: 'm' })
  await again()
  await eventually(async () => expect(await again()).toMatchObject({ duplicate: false }))
}

describe('the quarantine', () => {
  test('N2 lists with filters and counts, and shows one with everything that was sent', async () => {
    const odd = { ...rawFrame('odd', now), readings: [{ name: 'Vehicle.Mood', value: NaN, unit: '' }] }
    for (let i = 0; i < 3; i++) await ingest.rpc.publish({ frames: [odd, rawFrame('early', now + hour)] })
    expect((await list()).map(({ vehicleId, count }) => [vehicleId, count]).sort()).toEqual([
      ['early', 3],
      ['odd', 3],
    ])
    expect((await list({ codes: ['FUTURE_DATED', 'NO_SUCH'] })).map(({ vehicleId }) => vehicleId)).toEqual(['early'])
    expect(await list({ vehicleId: 'odd', codes: ['FUTURE_DATED'] })).toEqual([])
    expect(await list({ sinceMs: Date.now() + hour })).toEqual([])
    const [entry] = await list({ vehicleId: 'odd' })
    const shown = (await ingest.quarantine.getQuarantined({ entryId: entry!.entryId })).entry!
    expect(shown.frame).toEqual(telemetry.RawFrame.fromPartial(odd))
    expect(shown.firstSeenMs).toBeLessThanOrEqual(shown.lastSeenMs)
    await expect(ingest.quarantine.getQuarantined({ entryId: 'gone' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('N2 a replay after a limit was changed accepts what fits now, the rest stays with its reason', async () => {
    const still = await replay({})
    expect(still.map(({ outcome }) => outcome)).toEqual([ReplayOutcome.REFUSED, ReplayOutcome.REFUSED])
    await ingest.stop()
    ingest = await world.start({ MAX_FRAME_AHEAD_MS: String(2 * hour) })
    const results = await replay({})
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([ReplayOutcome.ACCEPTED, ReplayOutcome.REFUSED].sort())
    expect((await list()).map(({ vehicleId, codes }) => [vehicleId, codes.length])).toEqual([['odd', 1]])
    await eventually(() => expect(timesOf('early').map(({ message }) => message.deviceTimeMs)).toEqual([now + hour]))
    const accepted = results.find(({ outcome }) => outcome === ReplayOutcome.ACCEPTED)!
    expect(await replay({}, [accepted.entryId])).toMatchObject([{ outcome: ReplayOutcome.ABSENT }])
  })

  test('N1 a replay that was cut off after it had published is finished without publishing again', async () => {
    await ingest.rpc.publish({ frames: [rawFrame('cut-off', now + 3 * hour)] })
    const [before] = await world.sql.query<{ content: Uint8Array }>(
      'select * from ingest.quarantined where vehicle_id = $1',
      ['cut-off'],
    )
    await ingest.stop()
    ingest = await world.start({ MAX_FRAME_AHEAD_MS: String(4 * hour) })
    expect(await replay({ vehicleId: 'cut-off' })).toMatchObject([{ outcome: ReplayOutcome.ACCEPTED }])
    await eventually(() => expect(timesOf('cut-off')).toHaveLength(1))
    await forgetIds()
    // As it was when the process ended in between: marked, and not yet gone.
    const row = { ...before!, replaying_since: new Date().toISOString() } as Record<string, unknown>
    const names = Object.keys(row)
    await world.sql.query(
      `insert into ingest.quarantined (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(row),
    )
    expect(await replay({ vehicleId: 'cut-off' })).toMatchObject([{ outcome: ReplayOutcome.ACCEPTED }])
    expect(await list({ vehicleId: 'cut-off' })).toEqual([])
    const [last] = await world.sql.query<{ n: number }>(
      'select count(*) as n from ingest.quarantined where replaying_since is not null',
    )
    expect(last!.n).toBe(0)
    // What comes behind is the next that the stream has of it.
    await ingest.rpc.publish({ frames: [rawFrame('cut-off', now)] })
    await eventually(() =>
      expect(timesOf('cut-off').map(({ message }) => message.deviceTimeMs)).toEqual([now + 3 * hour, now]),
    )
  })

  test('N2 discards by id and by filter, and never all by a slip', async () => {
    await ingest.rpc.publish({ frames: [1, 2, 3].map((i) => ({ ...rawFrame(`waste-${i}`, now), readings: [] })) })
    const [one] = await list({ vehicleId: 'waste-1' })
    const nothing = ingest.quarantine.discardQuarantined({ entryIds: [], filter: undefined })
    await expect(nothing).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await ingest.quarantine.discardQuarantined({ entryIds: [one!.entryId], filter: undefined })).toEqual({
      discarded: 1,
    })
    const empty = { ...all, codes: ['EMPTY_FRAME'] }
    expect(await ingest.quarantine.discardQuarantined({ entryIds: [], filter: empty })).toEqual({ discarded: 2 })
    expect((await list()).map(({ vehicleId }) => vehicleId)).toEqual(['odd'])
  })
})
