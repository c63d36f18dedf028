import { duration } from '../print/duration.ts'
import type { Step } from '../platform/platform.ts'
import type { Stage } from './stage.ts'
import type { Teller } from './teller.ts'

export const tellStep =
  (teller: Teller) =>
  ({ name, ms, words }: Step): void => {
    // What takes its time is told, and of what is done only the broker: the audience has come for something else.
    if (ms === undefined || name === 'broker') {
      teller.tell('platform.starting', `${name}: ${words ?? ''}${ms === undefined ? '' : ` after ${duration(ms)}`}`, {
        part: name,
      })
    }
  }

export function tellPlatform(teller: Teller, { gateway, platform }: Stage): void {
  const words = platform
    ? 'one of its own for this demonstration, removed afterwards'
    : `the one that runs at ${gateway.url}`
  teller.tell('platform.ready', words, { url: gateway.url, own: platform !== undefined })
}
