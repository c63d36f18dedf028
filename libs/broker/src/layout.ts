import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { BrokerConfig } from './config.ts'
import type { StartOptions } from './start-broker.ts'

/** Which files one broker has: everything under the store but its log, which outlives the store. */
export function layOut(options: StartOptions): { config: BrokerConfig; configPath: string } {
  const { port = 0, monitorPort = 0, host = '127.0.0.1', syncAlways, users, tls, mqtt } = options
  const storeDir = resolve(options.storeDir)
  const logFile = resolve(options.logFile ?? join(storeDir, '..', 'logs', 'nats-server.log'))
  const portsDir = join(storeDir, 'ports')
  const files = { storeDir, logFile, portsDir }
  const config = { host, port, monitorPort, serverName: 'pitcrew', ...files, syncAlways, users, tls, mqtt }
  return { config, configPath: resolve(options.configPath ?? join(storeDir, 'nats-server.conf')) }
}

/** The log begins anew with each start, so that the end of it is about this run; the one before stays beside it. */
export function prepare({ portsDir, logFile }: BrokerConfig, configPath: string, text: string): void {
  rmSync(portsDir, { recursive: true, force: true })
  for (const folder of [portsDir, dirname(logFile), dirname(configPath)]) mkdirSync(folder, { recursive: true })
  rotate(logFile)
  writeConfig(configPath, text)
}

/** Passwords may be in it. */
export function writeConfig(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
}

function rotate(logFile: string): void {
  try {
    renameSync(logFile, `${logFile}.1`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
