/** The benchmark's files: series, the windows in which an anomaly was labelled, and the weights of its three profiles. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import type { Profile, Window } from './scoring.ts'

export interface Series {
  /** Such as "realTweets/Twitter_volume_AAPL.csv". */
  name: string
  times: Float64Array
  values: Float64Array
  windows: Window[]
}

const incomplete = (words: string): Terminal =>
  new Terminal('DATA_SET_INCOMPLETE', words, {
    hint: 'the folder holds data/<group>/<series>.csv, combined_windows.json and profiles.json of github.com/numenta/NAB',
  })

/** Every series under `dataDir`/data, by name. @throws Terminal DATA_SET_INCOMPLETE */
export function readSeries(dataDir: string): Series[] {
  const labels = readJson<Record<string, [string, string][]>>(join(dataDir, 'combined_windows.json'))
  const names = globSync('**/*.csv', { cwd: join(dataDir, 'data') }).sort()
  if (names.length === 0) throw incomplete(`${dataDir}/data holds no series: expected <group>/<series>.csv`)
  return names.map((name) => {
    const limits = labels[name]
    if (limits === undefined)
      throw incomplete(`combined_windows.json says nothing of ${name}: expected a list of windows`)
    const rows = parseSeries(name, readFileSync(join(dataDir, 'data', name), 'utf8'))
    return { name, ...rows, windows: limits.map((limit) => rowsOf(rows.times, limit)) }
  })
}

/** @throws Terminal DATA_SET_INCOMPLETE */
export function readProfiles(dataDir: string): Profile[] {
  const profiles = readJson<Record<string, { CostMatrix: Omit<Profile, 'name'> }>>(join(dataDir, 'profiles.json'))
  return Object.entries(profiles).map(([name, { CostMatrix }]) => ({ ...CostMatrix, name }))
}

/** Lines of "2014-04-01 00:00:00,19.8" behind a heading. @throws Terminal DATA_SET_INCOMPLETE */
export function parseSeries(name: string, text: string): { times: Float64Array; values: Float64Array } {
  const lines = text.split(/\r?\n/).slice(1)
  const rows = lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const [time = '', value = ''] = line.split(',')
    const row = { time: timeOf(time), value: value.trim() === '' ? NaN : Number(value) }
    if (!Number.isFinite(row.time) || !Number.isFinite(row.value))
      throw incomplete(`${name}, line ${index + 2}: "${line}" is not a time and a number`)
    return [row]
  })
  return { times: Float64Array.from(rows, ({ time }) => time), values: Float64Array.from(rows, ({ value }) => value) }
}

/** Times of the benchmark have no zone; UTC keeps every day 24 hours long. */
const timeOf = (text: string): number => Date.parse(`${text.trim().replace(' ', 'T')}Z`)

function rowsOf(times: Float64Array, [from, to]: [string, string]): Window {
  const [start, end] = [timeOf(from), timeOf(to)]
  const first = times.findIndex((time) => time >= start)
  const last = times.findLastIndex((time) => time <= end)
  if (first < 0 || last < first) throw incomplete(`no row lies in the window from ${from} to ${to}`)
  return { first, last }
}

function readJson<T>(file: string): T {
  if (!existsSync(file)) throw incomplete(`${file} is missing`)
  return JSON.parse(readFileSync(file, 'utf8')) as T
}
