import { toFailure } from '@pitcrew/errors'
import { within } from './within.ts'

const probeMs = 2_000

export interface Verdict {
  ready: boolean
  /** 'ok', or the code of the failure: messages may name hosts and are not for everyone. */
  checks: Record<string, string>
}

export interface Readiness {
  add(name: string, probe: () => Promise<void>): void
  check(): Promise<Verdict>
}

export function readiness(): Readiness {
  const probes = new Map<string, () => Promise<void>>()
  return {
    add: (name, probe) => void probes.set(name, probe),
    async check() {
      const entries = await Promise.all(
        [...probes].map(async ([name, probe]) => [name, await outcome(name, probe)] as const),
      )
      return { ready: entries.every(([, said]) => said === 'ok'), checks: Object.fromEntries(entries) }
    },
  }
}

async function outcome(name: string, probe: () => Promise<void>): Promise<string> {
  try {
    await within(probeMs, `the probe of ${name}`, probe)
    return 'ok'
  } catch (error) {
    return toFailure(error).code
  }
}
