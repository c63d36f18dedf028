import { describe, expect, test } from '@jest/globals'
import { isSupported, newestFirst, parseVersion, PINNED_RELEASE } from './version.ts'

const version = (text: string) => parseVersion(text)!

describe('the version of a nats-server', () => {
  test('is read from what the server prints', () => {
    expect(parseVersion('nats-server: v2.14.9\n')).toEqual({ major: 2, minor: 14, patch: 9, text: '2.14.9' })
    expect(parseVersion('nats-server: v2.15.0-RC.1')?.text).toBe('2.15.0-RC.1')
  })

  test('is undefined when nothing like a version was printed', () => {
    expect(parseVersion('')).toBeUndefined()
    expect(parseVersion('usage: nats-server [options]')).toBeUndefined()
  })

  test.each([
    ['2.9.10', false],
    ['2.13.99', false],
    ['1.99.0', false],
    ['2.14.0', true],
    ['2.15.1', true],
    ['3.0.0', true],
  ])('%s is supported: %s', (text, supported) => {
    expect(isSupported(version(text))).toBe(supported)
  })

  test('sorts by number, not by letter', () => {
    const sorted = ['2.14.9', '2.15.0', '2.14.10'].map(version).sort(newestFirst)
    expect(sorted.map((v) => v.text)).toEqual(['2.15.0', '2.14.10', '2.14.9'])
  })

  test('the release that we fetch is one that we accept', () => {
    expect(isSupported(version(PINNED_RELEASE))).toBe(true)
  })
})
