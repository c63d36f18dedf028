/** The service that Restate calls: the workloads, each step a journaled `ctx.run`. Started with the folder of its SDK. */
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { answerRequests } from '../worker.ts'
import { requireFrom } from './install.ts'

interface Context {
  run<T>(name: string, action: () => T): Promise<T>
}
type Handler = (context: Context, input: { n: number; steps: number }) => Promise<number>

/** What is used of @restatedev/restate-sdk. */
interface Sdk {
  service(options: { name: string; handlers: Record<string, Handler> }): object
  createEndpointHandler(options: {
    services: object[]
  }): (request: Http2ServerRequest, response: Http2ServerResponse) => void
  RestatePromise: { all<T>(promises: Promise<T>[]): Promise<T[]> }
}

// It warns that requests are not signed; both ends are ours, on loopback.
process.env.RESTATE_LOGGING = 'ERROR'
const { service, createEndpointHandler, RestatePromise } = requireFrom<Sdk>(process.argv[2]!, '@restatedev/restate-sdk')

const chain: Handler = async (context, { n, steps }) => {
  let value = n
  for (let step = 0; step < steps; step++) {
    const before = value
    value = await context.run(`s${step}`, () => before + 1)
  }
  return value
}

const fanOut: Handler = async (context, { n, steps }) => {
  const runs = Array.from({ length: steps }, (_, step) => context.run(`s${step}`, () => n + 1))
  return (await RestatePromise.all(runs)).reduce((sum, one) => sum + one, 0)
}

const bench = service({ name: 'bench', handlers: { chain, fanOut } })
const server = createServer(createEndpointHandler({ services: [bench] }))

const answers = {
  listen: (_: undefined): Promise<{ port: number }> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port }))
    }),
}

export type EndpointAnswers = typeof answers

answerRequests(answers)
