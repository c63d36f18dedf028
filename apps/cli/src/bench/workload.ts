/** What every engine is asked to run: steps that add one, each its own durable commit, so that the outcome can be checked. */
export interface Workload {
  name: string
  shape: 'chain' | 'fanOut'
  steps: number
}

export const workloads = [
  { name: 'chain-1', shape: 'chain', steps: 1 },
  { name: 'chain-3', shape: 'chain', steps: 3 },
  { name: 'chain-10', shape: 'chain', steps: 10 },
  { name: 'fan-out-10', shape: 'fanOut', steps: 10 },
] as const satisfies readonly Workload[]

export type WorkloadName = (typeof workloads)[number]['name']

/** One workload at one number of workflows under way at a time. */
export interface Cell {
  workload: Workload
  concurrent: number
}

export const cellName = ({ workload, concurrent }: Cell): string => `${workload.name}.c${concurrent}`

/** A chain adds one in each step; a fan-out adds one in each of its branches and gives their sum. */
export const expectedOutcome = ({ shape, steps }: Workload, n: number): number =>
  shape === 'chain' ? n + steps : steps * (n + 1)

export const concurrencies = [1, 32, 128, 1_000] as const

export const allCells: readonly Cell[] = workloads.flatMap((workload) =>
  concurrencies.map((concurrent) => ({ workload, concurrent })),
)

/** What the targets and the most telling of the rest need. */
export const quickCells: readonly Cell[] = [
  { workload: workloads[0], concurrent: 128 },
  { workload: workloads[2], concurrent: 1 },
  { workload: workloads[2], concurrent: 128 },
  { workload: workloads[3], concurrent: 128 },
]
