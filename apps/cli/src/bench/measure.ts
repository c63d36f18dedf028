import { availableParallelism } from 'node:os'
import { closedLoop, type Plan } from './closed-loop.ts'
import type { Sample } from './contender.ts'
import { cpuSecondsOf, machineCpuSeconds, memoryOf } from './process-tree.ts'
import type { Cell, Workload } from './workload.ts'

export interface MeasureRequest {
  cell: Cell
  plan: Plan
  /** Roots of the process trees whose CPU time and memory count. */
  watched: readonly number[]
}

interface Used {
  /** Of the engine. */
  engine: number
  /** Of everything else, other than this load generator. */
  others: number
}

/** Answers for a load generator: one workflow is one call. */
export const measuring = (call: (workload: Workload, n: number) => Promise<number>) => ({
  async measure({ cell, plan, watched }: MeasureRequest): Promise<Sample> {
    let atOpen: Used = { engine: 0, others: 0 }
    let atClose: Used = atOpen
    const used = (): Used => ({
      engine: cpuSecondsOf(watched),
      others: machineCpuSeconds() - cpuSecondsOf([...watched, process.pid]),
    })
    const window = await closedLoop({
      ...plan,
      cell,
      call: (n) => call(cell.workload, n),
      onOpen: () => void (atOpen = used()),
      onClose: () => void (atClose = used()),
    })
    const machineSeconds = (window.elapsedMs / 1_000) * availableParallelism()
    return {
      ...window,
      cpuSeconds: atClose.engine - atOpen.engine,
      memoryBytes: memoryOf(watched),
      othersShare: Math.max(0, (atClose.others - atOpen.others) / machineSeconds),
    }
  },
})

export type MeasureAnswers = ReturnType<typeof measuring>
