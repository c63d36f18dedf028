import type { Verdict } from '../print/ticks.ts'

export interface Finding {
  name: string
  verdict: Verdict
  /** What is there. */
  words: string
  /** What to do about it; none when all is well. */
  next?: string
}

export const ok = (name: string, words: string): Finding => ({ name, verdict: 'ok', words })
export const warn = (name: string, words: string, next: string): Finding => ({ name, verdict: 'warn', words, next })
export const fail = (name: string, words: string, next: string): Finding => ({ name, verdict: 'fail', words, next })
