import { closedLoop, type Plan } from './closed-loop.ts'
import type { Sample } from './contender.ts'
import { cpuSecondsOf, memoryOf } from './process-tree.ts'
import type { Cell, Workload } from './workload.ts'

export interface MeasureRequest {
  cell: Cell
  plan: Plan
  /** Roots of the process trees whose CPU time and memory count. */
  watched: readonly number[]
}

/** Answers for a load generator: one workflow is one call. */
export const measuring = (call: (workload: Workload, n: number) => Promise<number>) => ({
  async measure({ cell, plan, watched }: MeasureRequest): Promise<Sample> {
    let before = 0
    let cpuSeconds = 0
    const window = await closedLoop({
      ...plan,
      cell,
      call: (n) => call(cell.workload, n),
      onOpen: () => void (before = cpuSecondsOf(watched)),
      onClose: () => void (cpuSeconds = cpuSecondsOf(watched) - before),
    })
    return { ...window, cpuSeconds, memoryBytes: memoryOf(watched) }
  },
})

export type MeasureAnswers = ReturnType<typeof measuring>
