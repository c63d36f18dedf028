/** The platform in a process of its own, steered over IPC: what a test asks comes in, one answer goes out. */
import { startPlatform, type Platform } from '@pitcrew/cli'
import type { ServiceName } from '@pitcrew/contracts'

export type Order =
  | { op: 'start'; dataDir: string; env: Record<string, string | undefined>; separate: ServiceName[] }
  | { op: 'declare-fault'; vehicleId: string; fault: string }
  | { op: 'kill' | 'restart'; service: ServiceName }
  | { op: 'stop' }

export type Answer = { id: number; urls?: Record<string, string>; error?: string }

let platform: Platform | undefined

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  carryOut(order).then(
    (urls) => answer({ id, ...(urls && { urls }) }),
    (error: Error) => answer({ id, error: error.stack ?? error.message }),
  )
})
// Its test has died; nobody would ever stop it.
process.on('disconnect', () => process.exit(1))

function answer(message: Answer): void {
  process.send?.(message)
}

async function carryOut(order: Order): Promise<Record<string, string> | undefined> {
  switch (order.op) {
    case 'start': {
      const { dataDir, env, separate } = order
      platform = await startPlatform({ dataDir, env, separate, ports: 'free' })
      return platform.urls
    }
    case 'declare-fault':
      platform?.simulator?.declareFault(order.vehicleId, order.fault)
      return undefined
    case 'kill':
      await platform?.killService(order.service)
      return undefined
    case 'restart':
      await platform?.restartService(order.service)
      return undefined
    case 'stop':
      await platform?.stop()
      platform = undefined
      return undefined
  }
}
