import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { ServiceName } from '@pitcrew/contracts'
import type { Answer, Order } from './platform-process.ts'

export interface ForkedPlatform {
  urls: Record<string, string>
  /** SIGKILL. */
  killService(service: ServiceName): Promise<void>
  restartService(service: ServiceName): Promise<void>
  /** What the workshop will find in the vehicle. */
  declareFault(vehicleId: string, fault: string): Promise<void>
  stop(): Promise<void>
}

export interface ForkOptions {
  dataDir: string
  env: Record<string, string | undefined>
  separate: ServiceName[]
}

/** A platform in a process of its own: nothing of the test runner's world is around the services. */
export async function forkPlatform({ dataDir, env, separate }: ForkOptions): Promise<ForkedPlatform> {
  const child = fork(join(import.meta.dirname, 'platform-process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  let orders = 0
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  child.on('exit', (code, signal) => {
    for (const [id, resolve] of waiting) resolve({ id, error: `the platform ended (${code ?? signal})` })
  })
  const ask = async (order: Order): Promise<Answer> => {
    const id = orders++
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve)
      child.send({ id, order })
    })
    waiting.delete(id)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
  const { urls = {} } = await ask({ op: 'start', dataDir, env, separate })
  return {
    urls,
    killService: async (service) => void (await ask({ op: 'kill', service })),
    restartService: async (service) => void (await ask({ op: 'restart', service })),
    declareFault: async (vehicleId, fault) => void (await ask({ op: 'declare-fault', vehicleId, fault })),
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      await ask({ op: 'stop' })
      child.kill()
      await exited
    },
  }
}
