/** What is wrong with the provider now, for trying out whoever reads from it. */
export const troubles = ['none', 'error', 'hang', 'garbage', 'disconnect'] as const

export type Trouble = (typeof troubles)[number]

export interface TroubleSwitch {
  /** For that many requests; for all that come when left out. */
  set(trouble: Trouble, requests?: number): void
  /** The trouble that this request has. */
  take(): Trouble
}

export function troubleSwitch(): TroubleSwitch {
  let trouble: Trouble = 'none'
  let left = Infinity
  return {
    set(next, requests = Infinity) {
      trouble = next
      left = requests
    },
    take() {
      if (left <= 0) trouble = 'none'
      left -= 1
      return trouble
    },
  }
}
