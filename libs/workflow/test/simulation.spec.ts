import { describe, expect, test } from '@jest/globals'
import { Simulation } from './simulation.ts'

/** SEEDS=n runs more of them, SEED=s that one alone. */
const seeds = Number(process.env.SEEDS ?? 10_000)
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED)

describe('N1 the engine under faults', () => {
  test(`keeps invariants W1 to W11 in ${only === undefined ? `${seeds} seeded runs` : `seed ${only}`}`, async () => {
    const failures: string[] = []
    for (let seed = only ?? 1; seed <= (only ?? seeds) && failures.length < 3; seed++) {
      await new Simulation(seed)
        .run()
        .catch((error: Error) => failures.push(`SEED=${seed}: ${error.stack ?? error.message}`))
    }
    expect(failures).toEqual([])
  }, 600_000)
})
