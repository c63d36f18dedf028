import { services, type agent } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { isPerson } from './ladder.ts'

/**
 * The service part of "<service>.<instance>"; people act through the gateway; a bare service name stands for all its agents,
 * which only a person can decide about. Terminal BAD_ACTOR.
 */
export function serviceOf(actor: string): string {
  if (isPerson(actor) && actor.length > 'person:'.length) return 'gateway'
  if ((services as readonly string[]).includes(actor)) return actor
  const dot = actor.indexOf('.')
  if (dot > 0 && dot < actor.length - 1) return actor.slice(0, dot)
  throw new Terminal(
    'BAD_ACTOR',
    `"${actor}" is not an actor, expected "<service>.<instance>", a service or "person:<subject>"`,
    {
      hint: 'list the profiles to see the actors',
    },
  )
}

/**
 * The activity as far as its source can be believed, in text that can be stored. The subject it came on names the service
 * that the broker let publish it; one that claims another service, or another service's agent, is put down to the sender.
 */
export function believed(activity: agent.Activity, publisher: string): agent.Activity {
  const stated = {
    ...activity,
    activityId: legible(activity.activityId),
    actor: legible(activity.actor),
    service: legible(activity.service),
    operation: legible(activity.operation),
    code: legible(activity.code),
    resource: legible(activity.resource),
    traceId: legible(activity.traceId),
    version: legible(activity.version),
  }
  const { actor, service } = stated
  const own =
    service === publisher && (actor.startsWith(`${publisher}.`) || (isPerson(actor) && publisher === 'gateway'))
  if (own) return stated
  return {
    ...stated,
    actor: `${publisher}.unidentified`,
    service: publisher,
    operation: `claims to be ${service || 'nobody'}`,
  }
}

/** Longer is no id, and an index could not hold it. */
const longest = 256

/** Without control characters, which PostgreSQL's jsonb refuses in part: an agent must not be able to stay out of the log. */
function legible(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '\uFFFD')
    .slice(0, longest)
    .toWellFormed()
}
