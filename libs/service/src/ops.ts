/** What a platform asks a service: is it alive, may it have traffic, how is it doing. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Telemetry } from '@pitcrew/observability'
import type { Readiness } from './readiness.ts'

export function opsListener(telemetry: Telemetry, readiness: Readiness): RequestListener {
  const { service, instance, logger } = telemetry
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    switch (new URL(request.url ?? '/', 'http://ops').pathname) {
      case '/healthz':
        return json(response, 200, { alive: true, service, instance })
      case '/readyz': {
        const verdict = await readiness.check()
        return json(response, verdict.ready ? 200 : 503, { ...verdict, service, instance })
      }
      case '/metrics':
        return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await telemetry.metricsText())
      default:
        return json(response, 404, { code: 'NOT_FOUND', hint: 'there are /healthz, /readyz and /metrics' })
    }
  }
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.error('an ops request failed', { error })
      json(response, 500, { code: 'INTERNAL' })
    })
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json', JSON.stringify(body))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}
