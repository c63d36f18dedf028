import { dim, green, red, yellow } from './colour.ts'
import { duration } from './duration.ts'

export type Verdict = 'ok' | 'warn' | 'fail'

const marks: Record<Verdict, () => string> = { ok: () => green('✓'), warn: () => yellow('!'), fail: () => red('✗') }

/** One line of a ticked list: `  ✓ broker                  0.4 s  nats-server 2.14.9`. */
export function tick(verdict: Verdict, name: string, { ms, words = '' }: { ms?: number; words?: string } = {}): string {
  const time = ms === undefined ? '' : `${duration(ms).padStart(8)}  `
  return `  ${marks[verdict]()} ${name.padEnd(23)} ${time}${dim(words)}`.trimEnd()
}
