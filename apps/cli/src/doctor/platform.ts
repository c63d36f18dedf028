/** How the platform is that runs, or whether one could. */
import { toFailure } from '@pitcrew/errors'
import { Gateway } from '../api/gateway.ts'
import { findDoors, type Target } from '../api/locate.ts'
import { planPorts, readPortChoice } from '../platform/ports.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

export async function platform(target: Target): Promise<Finding[]> {
  const doors = findDoors(target)
  if (doors === undefined) return [await ports(), ok('platform', 'none is running')]
  return [await agents(doors.gateway), await auditLog(doors.gateway), await door('ingest', doors.ingest)]
}

async function ports(): Promise<Finding> {
  try {
    await planPorts(readPortChoice(process.env.PITCREW_PORTS), { env: process.env, simulator: true })
    return ok('ports', 'all are free')
  } catch (error) {
    const { message, hint = './pitcrew up --ports free' } = toFailure(error)
    return fail('ports', message, hint)
  }
}

/** That agents are heard of by way of the orchestrator shows that the broker works. */
async function agents(url: string): Promise<Finding> {
  try {
    const known = await new Gateway(url, { token: process.env.PITCREW_TOKEN }).agents()
    const silent = known
      .filter(({ alive, blocked }) => !alive || blocked)
      .map(({ heartbeat }) => heartbeat?.agent ?? '')
    const living = known.length - silent.length
    if (living === 0)
      return fail(
        'platform',
        `${url} answers, and no agent is alive`,
        'is the broker up? read the logs of the services',
      )
    const words = `${url}: ${living} agents alive`
    return silent.length === 0
      ? ok('platform', words)
      : warn('platform', `${words}, silent or blocked: ${silent.join(', ')}`, './pitcrew status')
  } catch (error) {
    const { message, hint = './pitcrew up' } = toFailure(error)
    return fail('platform', message, hint)
  }
}

async function auditLog(url: string): Promise<Finding> {
  try {
    const { intact, records, brokenAt } = await new Gateway(url, { token: process.env.PITCREW_TOKEN }).verifyAudit()
    if (intact) return ok('audit log', `${records} records, the chain is intact`)
    return fail(
      'audit log',
      `record ${brokenAt} does not follow from the one before`,
      'somebody has changed it: keep the data folder as it is',
    )
  } catch (error) {
    return fail('audit log', toFailure(error).message, 'does ueba run? ./pitcrew status')
  }
}

async function door(name: string, url: string): Promise<Finding> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return ok(name, `${url} answers`)
  } catch {
    return warn(name, `nothing answers at ${url}`, 'set PITCREW_INGEST_URL if it is elsewhere')
  }
}
