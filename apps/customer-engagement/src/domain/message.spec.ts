import { describe, expect, test } from '@jest/globals'
import { failedChannels, messageIdOf, type FailedAttempt } from './message.ts'

describe('N1 message ids', () => {
  test('N1 are the same for the same occasion and differ otherwise', () => {
    expect(messageIdOf('case-1', 'proposal', '1')).toBe(messageIdOf('case-1', 'proposal', '1'))
    const ids = [
      messageIdOf('case-1', 'proposal', '1'),
      messageIdOf('case-1', 'proposal', '2'),
      messageIdOf('case-11', 'proposal', ''),
      messageIdOf('case-1', 'feedback', '1'),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('L8 attempts', () => {
  test('L8 a channel is left after one refusal for good or three failures', () => {
    const sms: FailedAttempt = { channel: 'CHANNEL_SMS', final: false }
    expect(failedChannels([sms, sms])).toEqual(new Set())
    expect(failedChannels([sms, sms, sms])).toEqual(new Set(['CHANNEL_SMS']))
    expect(failedChannels([{ channel: 'CHANNEL_EMAIL', final: true }, sms])).toEqual(new Set(['CHANNEL_EMAIL']))
  })
})
