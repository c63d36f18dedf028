import { spawn, type ChildProcess } from 'node:child_process'

/**
 * Runs one nats-server so that it never outlives this process unnoticed.
 *
 * 1. The server has a process group of its own: Ctrl-C in a terminal reaches us alone, and we stop it after the services.
 * 2. When this process ends in any way, SIGKILL included, the tether ends the server: it waits on a pipe whose other end
 *    only we hold, so the kernel tells it.
 * 3. The tether ends as soon as the server does, so that it never signals a number that has been used again.
 */
export interface ServerProcess {
  pid: number
  /** Settles when the server has ended; never rejects. */
  exited: Promise<ServerExit>
  signal(name: NodeJS.Signals): void
  /** What it printed before it opened its log file. */
  said(): string
}

export interface ServerExit {
  code: number | null
  signal: NodeJS.Signals | null
}

const TETHER = 'read _; kill -TERM "$1" 2>/dev/null'
const SAID_BYTES = 8_192

/** Rejects when the file cannot be run at all. */
export function runServer(path: string, args: string[], onSpawned: (pid: number) => void): Promise<ServerProcess> {
  const child = spawn(path, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const listen = (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-SAID_BYTES))
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const { pid } = child
  // Without a pause after the start: a server that is not yet written down is one that nobody finds.
  if (pid !== undefined) onSpawned(pid)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    if (pid === undefined) return
    resolve({ pid, exited: tethered(child, pid), signal: (name) => void child.kill(name), said: () => said })
  })
}

function tethered(child: ChildProcess, pid: number): Promise<ServerExit> {
  const tether = spawn('/bin/sh', ['-c', TETHER, 'pitcrew-tether', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a shell the server is still found by its claim at the next start.
  tether.on('error', () => {})
  tether.unref()
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      tether.kill('SIGKILL')
      resolve({ code, signal })
    })
  })
}
