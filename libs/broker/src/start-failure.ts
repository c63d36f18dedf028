import { readFileSync } from 'node:fs'
import { Retryable, Terminal, type Failure } from '@pitcrew/errors'

const TAIL_LINES = 12

/**
 * Why a server that did not come up did not. It has no other way to say so than its log, so the log is read here, and only
 * here: the codes are ours.
 */
export function startFailure(why: string, logFile: string, said: string): Failure {
  const tail = logTail(logFile, said)
  const details = { log: logFile }
  const message = `nats-server did not start: ${why}${tail ? `\n${tail}` : ''}`
  if (/address already in use/i.test(tail)) {
    return new Terminal('BROKER_PORT_TAKEN', message, {
      details,
      hint: 'stop what listens there, or use port 0 for a free one',
    })
  }
  if (/no space left on device|insufficient storage/i.test(tail)) {
    return new Retryable('BROKER_DISK_FULL', message, { details, hint: 'free some disk space and start again' })
  }
  if (/permission denied|read-only file system/i.test(tail)) {
    return new Terminal('BROKER_STORE_FORBIDDEN', message, {
      details,
      hint: 'give this user the right to write the data folder',
    })
  }
  return new Retryable('BROKER_NOT_STARTED', message, { details, hint: `read ${logFile}` })
}

/** The last lines of the log file, or of what the server printed before it had one. */
export function logTail(logFile: string, said = ''): string {
  const lines = `${readIfThere(logFile)}\n${said}`.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-TAIL_LINES).join('\n')
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
