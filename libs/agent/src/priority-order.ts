/**
 * Which class of work is next when several wait: stride scheduling (Waldspurger and Weihl 1995,
 * https://dl.acm.org/doi/10.5555/869036), so a class gets its weight's share of turns however much waits in another.
 * 1. No class starves: of any 15 turns for which all four wait, each gets at least its weight's number.
 * 2. A class that had nothing to do saves up no turns.
 */
import type { TaskPriority } from '@pitcrew/messaging'

const weights: Record<TaskPriority, number> = { 1: 8, 2: 4, 3: 2, 4: 1 }

export interface PriorityOrder {
  /** Of the classes that wait, the one whose turn it is; and its turn is taken. */
  next(waiting: ReadonlySet<TaskPriority>): TaskPriority | undefined
}

export function createPriorityOrder(): PriorityOrder {
  const pass: Record<TaskPriority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 }
  let now = 0
  return {
    next(waiting) {
      let chosen: TaskPriority | undefined
      for (const priority of [...waiting].sort()) {
        pass[priority] = Math.max(pass[priority], now)
        if (chosen === undefined || pass[priority] < pass[chosen]) chosen = priority
      }
      if (chosen === undefined) return undefined
      now = pass[chosen]
      pass[chosen] += 1 / weights[chosen]
      return chosen
    },
  }
}
