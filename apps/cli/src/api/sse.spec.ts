import { describe, expect, test } from '@jest/globals'
import { createSseParser } from './sse.ts'

const text = 'retry: 1000\n\nevent: alert.raised\ndata: {"a":1}\n\n: still here\n\ndata: one\ndata: two\n\n'
const whole = [
  { event: 'alert.raised', data: '{"a":1}' },
  { event: 'message', data: 'one\ntwo' },
]

describe('N9 server-sent events', () => {
  test('are read in whatever pieces they come', () => {
    for (let size = 1; size <= text.length; size++) {
      const parse = createSseParser()
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      )
      expect(pieces.flatMap(parse)).toEqual(whole)
    }
  })

  test('may end their lines with CR LF', () => {
    const parse = createSseParser()
    expect([...text.replaceAll('\n', '\r\n')].flatMap(parse)).toEqual(whole)
  })

  test('that are not finished are not told', () => {
    expect(createSseParser()('event: x\ndata: 1\n')).toEqual([])
  })
})
