import { describe, expect, test } from '@jest/globals'
import { services } from '@pitcrew/contracts'
import { communicationOf, forwardSubject, inboxOf, requestFilter, requestSubject } from './agent-permissions.ts'

describe('what agents may say to each other', () => {
  test('N5 F5 no two services may publish, or listen to, the same messages of theirs', () => {
    const own = (subjects: string[]) =>
      subjects.filter((subject) => /^agent\.(message|exchange|request|inbox)/.test(subject))
    for (const service of services) {
      const mine = communicationOf(service)
      for (const other of services.filter((each) => each !== service)) {
        const theirs = communicationOf(other)
        expect(own(mine.publish).filter((subject) => own(theirs.publish).includes(subject))).toEqual([])
        expect(own(mine.subscribe).filter((subject) => own(theirs.subscribe).includes(subject))).toEqual([])
      }
      expect(own(mine.publish).every((subject) => subject.includes(`.${service}.`))).toBe(true)
    }
  })

  test('N5 F5 the consumers of an inbox are named, each for its service alone', () => {
    for (const service of services) {
      const { publish } = communicationOf(service)
      const settling = publish.filter((subject) => /(MSG\.NEXT|ACK).*AGENT_MESSAGES/.test(subject))
      expect(settling).toHaveLength(4 * 3)
      for (const subject of settling) expect(subject).toMatch(new RegExp(`\\.${service}_inbox-[1-4]`))
    }
  })

  test('F5 names of instances cannot widen a subject', () => {
    expect(requestSubject(['gateway', 'a.b'], 1, ['scheduling', '*'])).toBe(
      'agent.request.gateway.a%2Eb.1.scheduling.%2A',
    )
    expect(requestFilter('scheduling', '>')).toBe('agent.request.*.*.*.scheduling.%3E')
    expect(forwardSubject('scheduling', '*')).toBe('agent.inbox.scheduling.%2A')
    expect(inboxOf('scheduling', 2)).toEqual({ durable: 'inbox-2', key: '*.*.*.2.scheduling.*' })
  })
})
