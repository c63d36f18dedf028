import { describe, expect, test } from '@jest/globals'
import { readTextReply } from './text-reply.ts'

describe('N7 free text from customers', () => {
  test.each([
    'CANCEL',
    'STOP',
    'END',
    'QUIT',
    'REVOKE',
    'OPT OUT',
    'opt-out',
    'Unsubscribe',
    ' stop. ',
    'Please stop!',
    'SAIR',
    'ＳＴＯＰ',
  ])('N7 %s withdraws consent and never means the appointment', (text) => {
    expect(readTextReply(text)).toEqual({ kind: 'opt-out' })
  })

  test.each([
    ['1', 'accept'],
    [' 2. ', 'other-time'],
    ['3', 'decline'],
  ])('L4 the digit %s means %s', (text, kind) => {
    expect(readTextReply(text).kind).toBe(kind)
  })

  test.each([
    '',
    '4',
    '12',
    'yes',
    'please stop the squeaking',
    'cancel my appointment',
    'end of the week would be fine',
  ])('N7 %s is left to a person', (text) => {
    expect(readTextReply(text)).toEqual({ kind: 'unclear' })
  })
})
