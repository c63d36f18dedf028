/** The few questions that are asked of a Docker engine before Testcontainers, which is slow to load, is. */
import { existsSync } from 'node:fs'
import { request, type RequestOptions } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Engine = Pick<RequestOptions, 'socketPath' | 'host' | 'port'>

const answerMs = 1_000

/** One that answers within a second: that of DOCKER_HOST, else the usual sockets. */
export async function answeringEngine(): Promise<Engine | undefined> {
  for (const engine of engines()) {
    if ((await ask(engine, 'GET', '/_ping')).status === 200) return engine
  }
  return undefined
}

function engines(): Engine[] {
  const named = process.env.DOCKER_HOST
  if (named === undefined) {
    const user = process.env.XDG_RUNTIME_DIR ?? '/run'
    return ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock'), join(user, 'docker.sock')]
      .filter((path) => existsSync(path))
      .map((socketPath) => ({ socketPath }))
  }
  const url = new URL(named)
  return url.protocol === 'unix:' ? [{ socketPath: url.pathname }] : [{ host: url.hostname, port: url.port || 2375 }]
}

interface Limits {
  /** Longest silence. */
  idleMs: number
  totalMs: number
}

interface Answer {
  /** 0: none came in time. */
  status: number
  body: string
}

export function ask(
  engine: Engine,
  method: string,
  path: string,
  { idleMs, totalMs }: Limits = { idleMs: answerMs, totalMs: answerMs },
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const none = () => resolve({ status: 0, body: '' })
  const signal = AbortSignal.timeout(totalMs)
  const sent = request({ ...engine, method, path, signal, timeout: idleMs }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (part: string) => (body += part))
    response.once('end', () => resolve({ status: response.statusCode ?? 0, body }))
    response.once('error', none)
  })
  sent.once('timeout', () => sent.destroy())
  sent.once('error', none)
  sent.end()
  return promise
}
