/** Runs the product's detector over every series of the benchmark, as deployed, and scores it by the benchmark's rules. */
import { anomalyThreshold, createAnomalyState, stepAnomaly } from '@pitcrew/detection'
import { Terminal } from '@pitcrew/errors'
import type { Measurement } from '../../measure/measurement.ts'
import { judge, type Metrics } from '../../measure/report.ts'
import { number, type Titled } from '../../measure/tables.ts'
import { protocol, tunedOn } from './protocol.ts'
import { bestThreshold, type Profile, scorable, scoreAt, type Window } from './scoring.ts'
import { readProfiles, readSeries, type Series } from './series.ts'

interface Scored {
  name: string
  scores: Float64Array
  windows: readonly Window[]
}

interface Run {
  scored: Scored[]
  microsecondsPerStep: number
  stateBytes: number
}

const profileMetrics = {
  standard: 'standard',
  reward_low_FP_rate: 'rewardLowFpRate',
  reward_low_FN_rate: 'rewardLowFnRate',
} as const
type ProfileName = keyof typeof profileMetrics

/** Throws Terminal DATA_SET_INCOMPLETE. */
export function measure(dataDir: string, onProgress: (words: string) => void): Measurement {
  const series = readSeries(dataDir)
  const profiles = readProfiles(dataDir)
  onProgress(`${series.length} series`)
  const { scored, ...cost } = detect(series)
  const rows = scorable(scored)
  const results = (Object.keys(profileMetrics) as ProfileName[]).map((name) => {
    const profile = profileOf(profiles, name)
    return { name, ...bestThreshold(rows, profile), deployed: scoreAt(rows, profile, anomalyThreshold) }
  })
  const standard = profileOf(profiles, 'standard')
  const metrics: Metrics = {
    ...Object.fromEntries(results.map(({ name, score }) => [profileMetrics[name], score])),
    standardAtDeployedThreshold: results[0]!.deployed.score,
    standardAtThresholdOfOtherHalf: acrossHalves(scored, standard),
    ...unseen(scored, standard, results[0]!.threshold),
    series: series.length,
    windows: rows.windowCount,
    windowsFound: results[0]!.found,
    falseAlarms: results[0]!.falseAlarms,
    ...cost,
  }
  const report = judge({ name: 'nab', protocol, metrics, targets: { standard: { cmp: '>=', want: 70 } } })
  return {
    report,
    full: [profileTable(results), groupTable(scored, standard, results[0]!.threshold)],
    short: [profileTable(results)],
  }
}

function detect(series: readonly Series[]): Run {
  let steps = 0
  let milliseconds = 0
  let stateBytes = 0
  const scored = series.map(({ name, times, values, windows }) => {
    const state = createAnomalyState()
    const scores = new Float64Array(values.length)
    const began = performance.now()
    for (let row = 0; row < values.length; row++) scores[row] = stepAnomaly(state, times[row]!, values[row]!).score
    milliseconds += performance.now() - began
    steps += values.length
    stateBytes = Math.max(stateBytes, JSON.stringify(state).length)
    return { name, scores, windows }
  })
  return { scored, microsecondsPerStep: (1000 * milliseconds) / steps, stateBytes }
}

function profileOf(profiles: readonly Profile[], name: ProfileName): Profile {
  const found = profiles.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new Terminal('DATA_SET_INCOMPLETE', `profiles.json does not hold the profile ${name}`, {
    hint: 'take config/profiles.json of github.com/numenta/NAB',
  })
}

/** Every second series takes its threshold from the others: what choosing it on the scored series is worth. */
function acrossHalves(scored: readonly Scored[], profile: Profile): number {
  const halves = [0, 1].map((rest) => scorable(scored.filter((_, index) => index % 2 === rest)))
  const [one, other] = [halves[0]!, halves[1]!]
  const points = (rows: typeof one, from: typeof one): number =>
    rows.windowCount * scoreAt(rows, profile, bestThreshold(from, profile).threshold).score
  return (points(one, other) + points(other, one)) / (one.windowCount + other.windowCount)
}

function unseen(scored: readonly Scored[], profile: Profile, threshold: number): Metrics {
  const rest = scored.filter(({ name }) => !tunedOn.includes(name))
  if (rest.length === 0) return { unseenSeries: 0 }
  return { unseenSeries: rest.length, standardOnUnseen: scoreAt(scorable(rest), profile, threshold).score }
}

function profileTable(
  results: readonly (ReturnType<typeof bestThreshold> & { name: string; deployed: { score: number } })[],
): Titled {
  return {
    title: 'Numenta Anomaly Benchmark (100: perfect, 0: no detection at all):',
    head: ['profile', 'score', 'at the deployed threshold', 'windows found', 'false alarms'],
    rows: results.map(({ name, score, deployed, found, falseAlarms }) =>
      [name, score, deployed.score, found, falseAlarms].map((cell) => (typeof cell === 'number' ? number(cell) : cell)),
    ),
  }
}

function groupTable(scored: readonly Scored[], profile: Profile, threshold: number): Titled {
  const groups = Map.groupBy(scored, ({ name }) => name.split('/')[0]!)
  return {
    title: 'By group, standard profile, the threshold of all:',
    head: ['group', 'series', 'windows', 'found', 'false alarms'],
    rows: [...groups].map(([group, members]) => {
      const rows = scorable(members)
      const { found, falseAlarms } = scoreAt(rows, profile, threshold)
      return [group, ...[members.length, rows.windowCount, found, falseAlarms].map(number)]
    }),
  }
}
