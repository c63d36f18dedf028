/** `up --detach`: the same command in the background, followed until it is ready. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { mainFile, root } from './checkout.ts'
import { detachedKey, type Told } from './parent.ts'

export async function detach(dataDir: string): Promise<void> {
  const logs = join(dataDir, 'logs')
  makeFolder(logs)
  const log = openSync(join(logs, 'up.log'), 'a')
  const args = process.argv.slice(2).filter((arg) => arg !== '--detach')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile, ...args], {
    detached: true,
    env: { ...process.env, [detachedKey]: '1' },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const abandon = () => void child.kill('SIGTERM')
  process.once('SIGINT', abandon)
  process.once('SIGTERM', abandon)
  await ready(child, join(logs, 'up.log'))
  child.disconnect()
  child.unref()
  const where = dataDir === join(root, '.pitcrew') ? '' : ` --data ${dataDir}`
  process.stdout.write(`./pitcrew down${where} ends it.\n`)
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new Terminal('NOT_WRITABLE', `${folder} cannot be made: ${(cause as Error).message}`, {
      cause,
      hint: '--data names a folder that is yours to write',
    })
  }
}

function ready(child: ChildProcess, log: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (told: Told) => {
      if ('text' in told) process.stdout.write(`${told.text}\n`)
      else if ('ready' in told) resolve()
      else reject(new Terminal(told.failed.code, told.failed.message, { hint: told.failed.hint }))
    })
    child.once('exit', (code, signal) => {
      reject(
        new Terminal('NOT_STARTED', `the platform ended with ${signal ?? `code ${code}`}`, { hint: `read ${log}` }),
      )
    })
  })
}
