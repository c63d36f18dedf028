import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Retryable } from '@pitcrew/errors'

/** How long requests in flight may take on stop; event streams would never end by themselves. */
const drainMs = 5_000

export interface HttpServer {
  readonly port: number
  stop(): Promise<void>
}

export async function serveHttp(host: string, port: number, listener: RequestListener): Promise<HttpServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const hint = 'is another instance running? give this one another port'
      reject(new Retryable('PORT_TAKEN', `HTTP cannot listen on ${host}:${port}: ${cause.message}`, { hint, cause }))
    })
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const timer = setTimeout(() => server.closeAllConnections(), drainMs)
      await closed
      clearTimeout(timer)
    },
  }
}
