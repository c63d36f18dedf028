import { expect, test } from '@jest/globals'
import { feedAddress } from './feed-address.ts'
import { feedSecrets, withSecret } from './feed-secrets.ts'

test('L1 an entry names a kind of API, pitcrew unless it says so, and its credentials stay out of its name', () => {
  expect(feedAddress('http://h:8000/')).toMatchObject({ kind: 'pitcrew', url: 'http://h:8000', name: 'http://h:8000' })
  expect(feedAddress('samsara+https://u:p%40@h/x/?a=1#b')).toEqual({
    kind: 'samsara',
    url: 'https://h/x',
    name: 'samsara+https://h/x',
    authorization: `Basic ${btoa('u:p@')}`,
  })
})

test.each(['ftp://h', 'geotab+https://h', 'https://', 'http:// h', 'http://%:x@h', 'h:80'])(
  'L1 %s is no entry',
  (entry) => expect(feedAddress(entry)).toBeUndefined(),
)

test('L1 secrets are found by URL, else by host, and go before those of the URL', () => {
  const secrets = feedSecrets('{"h": {"basic": "a:b"}, "https://h/x": {"bearer": "t"}}', undefined)
  const authorization = (entry: string) => withSecret(feedAddress(entry)!, secrets).authorization
  expect(authorization('https://h/x')).toBe('Bearer t')
  expect(authorization('https://u:p@h/y')).toBe(`Basic ${btoa('a:b')}`)
  expect(authorization('https://u:p@other')).toBe(`Basic ${btoa('u:p')}`)
  expect(authorization('https://other')).toBeUndefined()
})

test.each(['not json s3cret', '{"h": {"bearer": "s3cret\\n"}}', '{"h": {"token": "s3cret"}}', '[]'])(
  'L1 secrets of another form are refused, and not repeated: %s',
  (text) => {
    const attempt = () => feedSecrets(text, undefined)
    expect(attempt).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }))
    expect(attempt).not.toThrow(/s3cret/)
  },
)
