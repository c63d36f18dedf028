/**
 * Prints tables of conformal factors, of which time-to-limit.ts holds the wider of the two of each monitor:
 * `node apps/cli/src/evaluate/carobd/calibrate.ts DIR`, with the folder of the recorded drives. Takes about a minute.
 */
import { calibrate, calibrateOnGenerated } from './calibration.ts'
import { readLogs } from './logs.ts'
import { partOf } from './split.ts'

const vehicles = 16
const minutes = 45

const [folder] = process.argv.slice(2)
print('generated', calibrateOnGenerated(vehicles, minutes))
if (folder !== undefined) {
  const tuned = [...readLogs(folder).drives].filter(([name]) => partOf(name) === 'tuned')
  print('recorded, tuned half', calibrate(tuned))
}

function print(title: string, table: ReturnType<typeof calibrate>): void {
  process.stdout.write(`${title}\n`)
  for (const [feature, { count, lower, median, upper }] of table) {
    const [low, middle, high] = [lower, median, upper].map((factor) => factor.toFixed(2))
    process.stdout.write(`  '${feature}': { lower: ${low}, median: ${middle}, upper: ${high} }, of ${count}\n`)
  }
}
