import { services, type ServiceName } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { runStandalone } from '@pitcrew/service'
import { loadService } from './service-catalogue.ts'

export function listServices(): void {
  process.stdout.write(`${services.join('\n')}\n`)
}

export async function runOne(name: string): Promise<void> {
  if (!isService(name)) {
    throw new Terminal('UNKNOWN_SERVICE', `there is no service "${name}": expected one of ${services.join(', ')}`, {
      hint: './pitcrew run --list',
    })
  }
  const service = await loadService(name)
  // Started by a platform: when that is gone, nobody needs this any more.
  if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
  await runStandalone(service)
}

const isService = (name: string): name is ServiceName => (services as readonly string[]).includes(name)
