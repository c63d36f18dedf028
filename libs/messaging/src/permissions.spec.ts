import { describe, expect, test } from '@jest/globals'
import { capabilities, events, services } from '@pitcrew/contracts'
import { permissionsFor } from './permissions.ts'

/** As nats-server matches: https://docs.nats.io/nats-concepts/subjects#wildcards */
function matches(pattern: string, subject: string): boolean {
  const tokens = subject.split('.')
  const wanted = pattern.split('.')
  return (
    wanted.every((token, n) =>
      token === '>' ? tokens.length > n : token === '*' ? tokens[n] !== undefined : token === tokens[n],
    ) &&
    (wanted.at(-1) === '>' || wanted.length === tokens.length)
  )
}

const allows = (patterns: string[], subject: string) => patterns.some((pattern) => matches(pattern, subject))

describe('permissions', () => {
  test('N5 let each service publish exactly the events that it produces', () => {
    for (const service of services) {
      const { publish } = permissionsFor(service)
      for (const event of Object.values(events)) {
        const produces = (event.producers as readonly string[]).includes(service)
        expect([service, event.subject, allows(publish, `${event.subject}.key`)]).toEqual([
          service,
          event.subject,
          produces,
        ])
      }
    }
  })

  test('N5 let each service make consumers for exactly the events that it is listed for', () => {
    for (const service of services) {
      const { publish } = permissionsFor(service)
      const isAgent = Object.values(capabilities).some((capability) => capability.service === service)
      for (const event of Object.values(events)) {
        const standing = isAgent && (event === events.agentBlocked || event === events.agentReleased)
        const consumes = (event.consumers as readonly string[]).includes(service) || standing
        const subject = `$JS.API.CONSUMER.CREATE.${event.stream}.${service}_x.${event.subject}.>`
        expect([service, event.subject, allows(publish, subject)]).toEqual([service, event.subject, consumes])
      }
    }
  })

  test('N5 let the gateway alone listen to events as they pass, those that it shows', () => {
    for (const service of services) {
      const { subscribe } = permissionsFor(service)
      for (const event of Object.values(events)) {
        const shows = service === 'gateway' && (event.consumers as readonly string[]).includes(service)
        expect([service, event.subject, allows(subscribe, `${event.subject}.key`)]).toEqual([
          service,
          event.subject,
          shows,
        ])
      }
    }
  })

  test('N5 let only the agent of a capability take its tasks, and acknowledge them in both forms', () => {
    for (const service of services) {
      const { publish } = permissionsFor(service)
      for (const capability of Object.values(capabilities)) {
        const durable = `${capability.name.replaceAll('.', '_')}_1`
        for (const subject of [
          `$JS.API.CONSUMER.CREATE.TASKS.${durable}.task.${capability.name}.1`,
          `$JS.API.CONSUMER.MSG.NEXT.TASKS.${durable}`,
          `$JS.ACK.TASKS.${durable}.1.2.3.4.5`,
          `$JS.ACK._.acc.TASKS.${durable}.1.2.3.4.5`,
        ]) {
          expect([service, subject, allows(publish, subject)]).toEqual([
            service,
            subject,
            capability.service === service,
          ])
        }
      }
    }
  })

  test('N5 give nobody another’s replies, heartbeat, leases or dead letters, nor a stream to delete', () => {
    for (const service of services) {
      const { publish, subscribe } = permissionsFor(service)
      for (const other of services.filter((each) => each !== service)) {
        expect(allows(subscribe, `_INBOX_${other}.x`)).toBe(false)
        expect(allows(publish, `agent.heartbeat.${other}.i1`)).toBe(false)
        expect(allows(publish, `$KV.leases.${other}.g.partition.1`)).toBe(false)
        expect(allows(publish, `dead-letter.${other}.x`)).toBe(false)
      }
      expect(allows(publish, '$JS.API.STREAM.DELETE.ANALYSIS')).toBe(false)
      expect(allows(publish, '$JS.API.STREAM.UPDATE.ANALYSIS')).toBe(false)
    }
  })

  test('N5 leave tasks to hand out, and the workflow streams, to the orchestrator', () => {
    for (const service of services) {
      const { publish, subscribe } = permissionsFor(service)
      const owns = service === 'orchestrator'
      expect(allows(publish, 'task.scheduling.hold-slot.1')).toBe(owns)
      expect(allows(publish, '$JS.API.STREAM.CREATE.WORKFLOW_LOG_0')).toBe(owns)
      for (const subject of ['workflow.inbox.3', 'workflow.results.3']) expect(allows(subscribe, subject)).toBe(owns)
      // An agent may say how its tasks ended, and ask nothing else of the engine.
      expect(allows(publish, 'workflow.inbox.3')).toBe(owns)
      expect(allows(publish, 'agent.task-cancelled')).toBe(owns)
    }
  })

  test('name consumers when they are known', () => {
    const { publish } = permissionsFor('ueba', { durables: ['ueba_audit'] })
    expect(allows(publish, '$JS.API.CONSUMER.MSG.NEXT.AGENT.ueba_audit')).toBe(true)
    expect(allows(publish, '$JS.API.CONSUMER.MSG.NEXT.AGENT.other')).toBe(false)
  })
})
