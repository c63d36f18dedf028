/** The workloads as definitions. A step adds one; who runs it, this process or an agent's, is up to the host. */
import { add, defineWorkflow, plainLifecycle, type Callable, type Expr, type Ref } from '@pitcrew/workflow'
import { workloads, type Workload } from '../workload.ts'

export interface Counted {
  n: number
}

export const stepCapability = 'bench.step'
export const waitingWorkflow = 'bench-waiting'
export const version = 1

const step: Callable<Counted, Counted> = {
  name: stepCapability,
  timeoutMs: 30_000,
  request: { toJSON: (message) => message },
  response: { fromJSON: (json) => json },
}

export const runStep = ({ n }: Counted): Counted => ({ n: n + 1 })

const stepIds = ({ steps }: Workload): string[] => Array.from({ length: steps }, (_, index) => `s${index}`)

const chain = (workload: Workload) =>
  defineWorkflow<Counted, number>(
    workload.name,
    version,
    plainLifecycle,
    (flow, input) =>
      stepIds(workload).reduce<Ref<Counted>>((last, id) => flow.task(id, step, { input: { n: last.n } }), input).n,
  )

const fanOut = (workload: Workload) =>
  defineWorkflow<Counted, number>(workload.name, version, plainLifecycle, (flow, input) =>
    stepIds(workload)
      .map((id) => flow.task(id, step, { input: { n: input.n }, after: [] }).n as Expr<number>)
      .reduce((sum, one) => add(sum, one)),
  )

const monthMs = 30 * 86_400_000

/** Waits for a reply, or for a date far away. */
const waiting = defineWorkflow<Counted, string>(waitingWorkflow, version, plainLifecycle, (flow) => {
  const reply = flow.wait<'reply', null>('reply', { signals: ['reply'], timeoutMs: monthMs, reason: 'a reply' })
  return reply.signal
})

export const definitions = [
  ...workloads.map((workload: Workload) => (workload.shape === 'chain' ? chain(workload) : fanOut(workload))),
  waiting,
]
