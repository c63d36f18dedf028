/** DBOS in one process, as its users run it: it executes what it starts. Started with the folder of its SDK and a database. */
import { measuring } from '../measure.ts'
import { answerRequests } from '../worker.ts'
import type { Workload } from '../workload.ts'
import { requireFrom } from './install.ts'

type Flow = (input: { n: number; steps: number }) => Promise<number>

/** What is used of @dbos-inc/dbos-sdk. */
interface Sdk {
  DBOS: {
    setConfig(config: Record<string, unknown>): void
    registerWorkflow(flow: Flow, options: { name: string }): Flow
    runStep<T>(step: () => Promise<T>, options: { name: string }): Promise<T>
    launch(): Promise<void>
    startWorkflow(flow: Flow): (input: Parameters<Flow>[0]) => Promise<{ getResult(): Promise<number> }>
  }
}

const [, , folder, systemDatabaseUrl] = process.argv
const { DBOS } = requireFrom<Sdk>(folder!, '@dbos-inc/dbos-sdk')

const chain: Flow = async ({ n, steps }) => {
  let value = n
  for (let step = 0; step < steps; step++) {
    const before = value
    value = await DBOS.runStep(async () => before + 1, { name: `s${step}` })
  }
  return value
}

const fanOut: Flow = async ({ n, steps }) => {
  const runs = Array.from({ length: steps }, (_, step) => DBOS.runStep(async () => n + 1, { name: `s${step}` }))
  return (await Promise.all(runs)).reduce((sum, one) => sum + one, 0)
}

DBOS.setConfig({ name: 'bench', systemDatabaseUrl, systemDatabasePoolSize: 20, logLevel: 'error' })
const flows = {
  chain: DBOS.registerWorkflow(chain, { name: 'chain' }),
  fanOut: DBOS.registerWorkflow(fanOut, { name: 'fanOut' }),
}
await DBOS.launch()

async function call({ shape, steps }: Workload, n: number): Promise<number> {
  const handle = await DBOS.startWorkflow(flows[shape])({ n, steps })
  return handle.getResult()
}

answerRequests(measuring(call))
