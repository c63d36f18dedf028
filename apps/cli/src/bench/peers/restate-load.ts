/** Load on Restate's HTTP ingress; a socket for each workflow under way, kept alive. Started with the port. */
import { Agent, request, type IncomingMessage } from 'node:http'
import { Retryable } from '@pitcrew/errors'
import { measuring } from '../measure.ts'
import { answerRequests } from '../worker.ts'
import type { Workload } from '../workload.ts'

const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 })

function call({ shape, steps }: Workload, n: number): Promise<number> {
  const body = JSON.stringify({ n, steps })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const options = { host: '127.0.0.1', port, path: `/bench/${shape}`, method: 'POST', agent, headers }
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => void outcome(response).then(resolve, reject))
    asked.on('error', reject)
    asked.end(body)
  })
}

/** By events: iterating over the body costs more than all the rest of a call. */
function outcome(response: IncomingMessage): Promise<number> {
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk))
  return new Promise((resolve, reject) => {
    response.once('error', reject)
    response.once('end', () => {
      if (response.statusCode === 200) return resolve(JSON.parse(text) as number)
      reject(new Retryable('RESTATE_REFUSED', `status ${response.statusCode}: ${text}`))
    })
  })
}

answerRequests(measuring(call))
