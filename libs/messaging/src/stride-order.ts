/**
 * Which class of work is next when several wait: stride scheduling (Waldspurger and Weihl 1995,
 * https://dl.acm.org/doi/10.5555/869036), so a class gets its weight's share of turns however much waits in another.
 * 1. No class starves: while all wait, of any run of turns as long as the sum of weights each class gets its weight's number.
 * 2. A class that had nothing to do saves up no turns.
 */
import type { TaskPriority } from './tasks.ts'

export interface StrideOrder<K> {
  /** Of the classes that wait, the one whose turn it is; and its turn is taken. */
  next(waiting: ReadonlySet<K>): K | undefined
}

/** `weights`: turns of each class; between equals the one that comes first here. */
export function strideOrder<K>(weights: ReadonlyMap<K, number>): StrideOrder<K> {
  const pass = new Map<K, number>()
  let now = 0
  return {
    next(waiting) {
      let chosen: { key: K; pass: number } | undefined
      for (const key of weights.keys()) {
        if (!waiting.has(key)) continue
        const turn = Math.max(pass.get(key) ?? 0, now)
        if (chosen === undefined || turn < chosen.pass) chosen = { key, pass: turn }
      }
      if (chosen === undefined) return undefined
      now = chosen.pass
      pass.set(chosen.key, now + 1 / weights.get(chosen.key)!)
      return chosen.key
    },
  }
}

/** Of fifteen turns for which all four priorities wait, the most urgent gets eight and the least urgent one. */
export const priorityWeights: ReadonlyMap<TaskPriority, number> = new Map([
  [1, 8],
  [2, 4],
  [3, 2],
  [4, 1],
])
