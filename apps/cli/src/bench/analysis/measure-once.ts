/** Prints the report of a small measurement: for the test, which needs a process that measures as a service runs. */
import { measureAnalysis } from './index.ts'

const { report } = measureAnalysis({ vehicles: 400, warmUpSeconds: 60, rounds: 5, secondsPerRound: 40 })
process.stdout.write(JSON.stringify(report))
