import { describe, expect, test } from '@jest/globals'
import { priorityWeights, strideOrder, type StrideOrder } from './stride-order.ts'
import type { TaskPriority } from './tasks.ts'

const all = new Set<TaskPriority>([1, 2, 3, 4])

function turns(count: number, waiting: ReadonlySet<TaskPriority>, order: StrideOrder<TaskPriority>): TaskPriority[] {
  return Array.from({ length: count }, () => order.next(waiting)!)
}

const countOf = (taken: TaskPriority[], priority: TaskPriority) => taken.filter((each) => each === priority).length

describe('the order of classes', () => {
  test('M2 begins with the most urgent that waits', () => {
    expect(turns(1, all, strideOrder(priorityWeights))).toEqual([1])
    expect(turns(1, new Set<TaskPriority>([3, 4]), strideOrder(priorityWeights))).toEqual([3])
  })

  test('L9 gives each class its share however long the others are, so that none starves', () => {
    const taken = turns(150, all, strideOrder(priorityWeights))
    expect([1, 2, 3, 4].map((priority) => countOf(taken, priority as TaskPriority))).toEqual([80, 40, 20, 10])
    for (let from = 0; from + 15 <= taken.length; from += 15) expect(taken.slice(from, from + 15)).toContain(4)
  })

  test('lets a class that was idle save up no turns', () => {
    const order = strideOrder(priorityWeights)
    turns(1_000, new Set<TaskPriority>([1]), order)
    expect(countOf(turns(15, all, order), 4)).toBeLessThanOrEqual(1)
  })

  test('has nothing to say when nothing waits', () => {
    expect(strideOrder(priorityWeights).next(new Set())).toBeUndefined()
  })
})
