import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createFleet } from '../vehicles/fleet.ts'
import { identityOf } from '../vehicles/models.ts'
import { startTelematicsApi, type TelematicsApi } from './telematics-api.ts'

const start = Date.UTC(2026, 0, 15, 12)
let now = start
let api: TelematicsApi

interface Page {
  Links: { Rel: string; Href: string }[]
  Equipment: { EquipmentHeader: Record<string, string>; Distance?: Record<string, string> }[]
  FaultCode: { CodeIdentifier: string; Datetime: string }[]
  data: { externalIds: Record<string, string>; engineRpm: { time: string | null; value: number }[] }[]
  pagination: { endCursor: string; hasNextPage: boolean }
}

const ask = (path: string, headers: Record<string, string> = { authorization: 'Bearer t' }) =>
  fetch(`http://127.0.0.1:${api.port}${path}`, { headers })
const get = async (path: string) => (await (await ask(path)).json()) as Page
const feed = (after: string) => get(`/samsara/fleet/vehicles/stats/feed?types=engineRpm,faultCodes${after}`)

beforeAll(async () => {
  const fleet = createFleet()
  const failing = { fault: 'alternator', faultParameters: { onset: 1, development: 20, dischargePerHour: 60 } }
  for (const vehicleId of ['a', 'b', 'c']) fleet.add({ vehicleId, ...failing }, now)
  const size = { machinesPerPage: 2, reportsPerPage: 100 }
  api = await startTelematicsApi({
    ...size,
    fleet,
    host: '127.0.0.1',
    port: 0,
    now: () => now,
    authorization: 'Bearer t',
  })
  now += 200_000
})

afterAll(() => api.stop())

test('L12 ISO 15143-3 has the fleet on linked pages, each value with its time, and the fault codes of a machine', async () => {
  const [first, second] = [await get('/iso15143/Fleet/1'), await get('/iso15143/Fleet/2')]
  expect(first.Links.map(({ Rel, Href }) => `${Rel} ${Href}`)).toEqual([
    'Self /iso15143/Fleet/1',
    'Next /iso15143/Fleet/2',
    'Last /iso15143/Fleet/2',
  ])
  expect(second.Links.some(({ Rel }) => Rel === 'Next')).toBe(false)
  const numbered = [...first.Equipment, ...second.Equipment].filter(({ Distance }) => Distance)
  expect(numbered.map(({ EquipmentHeader }) => EquipmentHeader.PIN)).toEqual(
    ['a', 'b', 'c'].map((id) => identityOf(id).vin),
  )
  const { OEMName, Model, SerialNumber } = numbered[0]!.EquipmentHeader
  const machine = ['MakeModelSerial', OEMName!, Model!, SerialNumber!].map(encodeURIComponent).join('/')
  const codes = (from: string, until: string) =>
    get(`/iso15143/Fleet/Equipment/${machine}/FaultCodes/${from}/${until}/1`)
  expect((await codes('2026-01-15T00:00:00Z', '2026-01-16T00:00:00Z')).FaultCode).toHaveLength(1)
  expect((await codes('2026-01-16T00:00:00Z', '2026-01-17T00:00:00Z')).FaultCode).toEqual([])
})

test('L12 the Samsara-like feed begins with the newest and then gives all that arises, page by page', async () => {
  const first = await feed('')
  expect(first.data.map(({ engineRpm }) => engineRpm.length)).toEqual([1, 1, 1])
  now += 60_000
  let { endCursor } = first.pagination
  let reports = 0
  for (let more = true; more;) {
    const page = await feed(`&after=${endCursor}`)
    reports += page.data.reduce((sum, { engineRpm }) => sum + engineRpm.length, 0)
    ;({ endCursor, hasNextPage: more } = page.pagination)
  }
  expect(reports).toBe(180)
})

test('L12 both want credentials, and refuse what they do not know', async () => {
  expect((await ask('/iso15143/Fleet/1', {})).status).toBe(401)
  expect((await ask('/v1/feed', {})).status).toBe(200)
  const bad = [
    '/iso15143/Fleet/0',
    '/samsara/fleet/vehicles/stats/feed?types=mood',
    '/samsara/fleet/vehicles/stats/feed',
  ]
  for (const path of bad) expect((await ask(path)).status).toBe(400)
})
