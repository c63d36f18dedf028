import { Terminal } from '@pitcrew/errors'
import type { Target } from '../api/locate.ts'
import { errors } from './errors.ts'
import { fleet } from './fleet.ts'
import { full } from './full.ts'
import { createTeller } from './teller.ts'

export interface DemoOptions extends Target {
  scenario: string
  vehicles: string
  json?: boolean
}

/** True when the demonstration showed what it is to show. */
export async function demo({ scenario, vehicles, json = false, ...target }: DemoOptions): Promise<boolean> {
  const teller = createTeller({ json })
  switch (scenario) {
    case 'full':
      return full(target, teller)
    case 'errors':
      return errors(target, teller)
    case 'fleet':
      return fleet({ ...target, vehicles: countOf(vehicles) }, teller)
    default:
      throw new Terminal('BAD_USAGE', `there is no scenario "${scenario}": expected full, errors or fleet`, {
        hint: './pitcrew demo --help',
      })
  }
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 500) return count
  throw new Terminal('BAD_USAGE', `--vehicles is "${text}": expected a whole number, 1 to 500`, {
    hint: './pitcrew demo --help',
  })
}
