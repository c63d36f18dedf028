/**
 * L8, L13: what goes wrong is retried from where it went wrong. The dealer's system fails until two attempts of the booking
 * have failed, then, for a second vehicle, answers too late until an attempt has timed out; both cases recover.
 */
import type { Target } from '../api/locate.ts'
import type { PlatformEvent } from '../api/events.ts'
import { newVehicleId, oneVehicle } from './one-vehicle.ts'
import { onStage, type Stage } from './stage.ts'
import { stationOf } from './stations.ts'
import { tellPlatform, tellStep } from './tell-platform.ts'
import type { Teller } from './teller.ts'

type Dealer = NonNullable<NonNullable<Stage['platform']>['simulator']>['dealer']

interface Trouble {
  name: string
  words: string
  begin: (dealer: Dealer) => void
  end: (dealer: Dealer) => void
  /** Attempts that fail before it ends. */
  failures: number
}

const dealerTimeoutMs = 700

const troubles: readonly Trouble[] = [
  {
    name: 'failing',
    words: 'the dealer’s system answers every request with 503',
    begin: ({ faults }) => faults.failNext(1_000_000),
    end: ({ faults }) => faults.failNext(0),
    failures: 2,
  },
  {
    name: 'late',
    words: `the dealer’s system answers later than the ${dealerTimeoutMs} ms that scheduling waits`,
    begin: ({ faults }) => faults.delay(3 * dealerTimeoutMs),
    end: ({ faults }) => faults.delay(0),
    failures: 1,
  },
]

export function errors(target: Target, teller: Teller): Promise<boolean> {
  const settings = { DEALER_TIMEOUT_MS: String(dealerTimeoutMs) }
  return onStage({ target, alone: true, settings, onStep: tellStep(teller) }, async (stage) => {
    tellPlatform(teller, stage)
    let recovered = 0
    let last = { phase: '', outcome: '' }
    for (const trouble of troubles) {
      const { met, standing } = await suffer(stage, teller, trouble)
      last = standing
      if (met >= trouble.failures && standing.phase === 'COMPLETED' && standing.outcome === 'repaired') recovered++
    }
    const { errors: attemptsFailed, completed } = await stage.gateway.statistics()
    teller.tell('statistics', `${attemptsFailed} attempts failed, ${completed} cases completed all the same`, {
      attemptsFailed,
      completed,
    })
    const { phase, outcome } = last
    teller.tell('done', `${recovered} of ${troubles.length} cases recovered`, { phase, outcome, recovered })
    return recovered === troubles.length
  })
}

async function suffer(stage: Stage, teller: Teller, { name, words, begin, end, failures }: Trouble) {
  const dealer = stage.platform!.simulator!.dealer
  let met = 0
  begin(dealer)
  teller.tell('trouble.begins', words, { trouble: name })
  const standing = await oneVehicle(stage, teller, newVehicleId(`errors-${name}`), (event: PlatformEvent) => {
    if (stationOf(event)?.event !== 'attempt.failed' || ++met !== failures) return
    end(dealer)
    teller.tell('trouble.ends', `after ${met} failed attempts`, { trouble: name, attempts: met })
  })
  return { met, standing }
}
