import type { quarantine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openVehicleData, type Selection } from '../../api/vehicle-data.ts'
import { table } from '../../print/table.ts'
import { json, line } from '../output.ts'
import { capitals, givenCount, givenTime } from '../workflows/given.ts'
import { ago } from '../workflows/text.ts'

interface Filter extends Target {
  json?: boolean
  vehicle?: string
  code?: string
  since?: string
}

export interface ListOptions extends Filter {
  limit: string
}

export interface SelectOptions extends Filter {
  all?: boolean
  limit?: string
}

export async function listQuarantined({ limit, vehicle, code, since, ...options }: ListOptions): Promise<void> {
  const now = Date.now()
  const entries = await openVehicleData(options).quarantined({
    vehicle,
    code: capitals(code),
    since: givenTime(since, '--since', now),
    limit: givenCount(limit, '--limit', 1),
  })
  if (options.json) return json(entries)
  if (entries.length === 0) return line('there is nothing in the quarantine, or nothing such')
  const rows = entries.map(({ entryId, vehicleId, codes, lastSeenMs, count, refusals }) => [
    ...[entryId, vehicleId, codes.join(' '), ago(new Date(lastSeenMs).toISOString(), now), count],
    refusals[0]?.message ?? '',
  ])
  line(table(['entry', 'vehicle', 'why', 'last seen', 'times', 'first reason'], rows))
}

export async function showQuarantined(id: string, options: Filter): Promise<void> {
  const entry = await openVehicleData(options).entry(id)
  if (options.json) return json(entry)
  line(entryText(entry))
}

export async function replayQuarantined(ids: string[], options: SelectOptions): Promise<void> {
  const selection = selectionOf(ids, options, 'replay')
  const limit = givenCount(options.limit ?? '1000', '--limit', 1)
  const results = await openVehicleData(options).replay('ids' in selection ? selection : { ...selection, limit })
  if (options.json) return json(results)
  if (results.length === 0) return line('there is nothing such in the quarantine')
  const rows = results.map(({ entryId, outcome, refusals }) => [entryId, outcomes[outcome], refusals[0]?.message ?? ''])
  line(table(['entry', 'outcome', 'first reason'], rows))
}

export async function discardQuarantined(ids: string[], options: SelectOptions): Promise<void> {
  const discarded = await openVehicleData(options).discard(selectionOf(ids, options, 'discard'))
  if (options.json) return json({ discarded })
  line(`${discarded} discarded`)
}

const outcomes: Record<quarantine.ReplayOutcome, string> = {
  REPLAY_OUTCOME_UNSPECIFIED: '',
  REPLAY_OUTCOME_ACCEPTED: 'accepted',
  REPLAY_OUTCOME_PARTLY_ACCEPTED: 'partly accepted',
  REPLAY_OUTCOME_REFUSED: 'still refused',
  REPLAY_OUTCOME_ABSENT: 'not there',
}

/** Terminal BAD_USAGE when neither ids nor a filter are given: nothing is done to everything by a slip. */
function selectionOf(ids: string[], { vehicle, code, since, all }: SelectOptions, command: string): Selection {
  const filtered = vehicle !== undefined || code !== undefined || since !== undefined || all === true
  if (ids.length > 0 === filtered)
    throw new Terminal('BAD_USAGE', 'expected either ids, or --vehicle, --code, --since or --all', {
      hint: `for example ./pitcrew quarantine ${command} --code UNKNOWN_SIGNAL`,
    })
  if (ids.length > 0) return { ids }
  const from = givenTime(since, '--since', Date.now())
  const codes = capitals(code)?.split(',')
  return { filter: { ...(vehicle && { vehicle }), ...(codes && { codes }), ...(from && { since: from }) } }
}

export function entryText(entry: quarantine.QuarantineEntry): string {
  const { entryId, vehicleId, count, firstSeenMs, lastSeenMs, frame, refusals, cut } = entry
  const [first, last] = [firstSeenMs, lastSeenMs].map((time) => new Date(time).toISOString())
  const head = `${entryId}  ${vehicleId}  ${count === 1 ? `seen ${last}` : `${count} times, ${first} to ${last}`}`
  const why = table(
    ['what', 'why', 'in words'],
    refusals.map(({ name, code, message }) => [name || 'the whole frame', code, message]),
  )
  const readings = frame?.readings.map(({ name, value, unit }) => [name, value, unit]) ?? []
  const bytes = [
    ...(frame?.obd ?? []).map((message) => `obd ${message.toString('hex')}`),
    ...(frame?.can ?? []).map(({ id, data }) => `can ${id.toString(16)} ${data.toString('hex')}`),
  ]
  return [
    head,
    ...(frame ? [`device time ${new Date(frame.deviceTimeMs).toISOString()}`] : []),
    ...(cut ? ['it was larger than what is kept of one'] : []),
    '',
    why,
    ...(readings.length > 0 ? ['', table(['reading', 'value', 'unit'], readings)] : []),
    ...(frame?.hasDtcs ? ['', `codes: ${frame.dtcs.join(' ') || 'none'}`] : []),
    ...(bytes.length > 0 ? ['', ...bytes] : []),
  ].join('\n')
}
