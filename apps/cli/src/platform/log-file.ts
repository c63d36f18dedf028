import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

export interface LogFile {
  readonly path: string
  write(line: string): void
  close(): Promise<void>
}

/** Where the services of one process write their JSON lines, so that the screen stays free for what people need. */
export function openLog(dataDir: string): LogFile {
  const folder = join(dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'platform.log')
  const stream = createWriteStream(path, { flags: 'a' })
  // A full disk must not end the platform: the services go on and say so in their own way.
  stream.on('error', (error) => process.stderr.write(`LOG_UNWRITABLE: ${path}: ${error.message}\n`))
  return {
    path,
    write: (line) => void stream.write(`${line}\n`),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}
