import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { emptyPayload, signedHeaders } from './sign-request.ts'

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}
const at = new Date('2013-05-24T00:00:00Z')
const host = 'https://examplebucket.s3.amazonaws.com'
const signatureOf = (headers: Record<string, string>): string => headers.authorization!.split('Signature=')[1]!

describe('C5 signing a request to an object store', () => {
  test('C5 an object is asked for as in the example', () => {
    const request = { method: 'GET', url: new URL(`${host}/test.txt`), payload: emptyPayload } as const
    const headers = signedHeaders({ ...request, headers: { range: 'bytes=0-9' } }, key, at)
    expect(headers.authorization).toContain('SignedHeaders=host;range;x-amz-content-sha256;x-amz-date')
    expect(signatureOf(headers)).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
  })

  test('C5 an object is put as in the example, its name escaped', () => {
    const payload = createHash('sha256').update('Welcome to Amazon S3.').digest('hex')
    const headers = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    const request = { method: 'PUT', url: new URL(`${host}/test%24file.text`), payload, headers } as const
    expect(signatureOf(signedHeaders(request, key, at))).toBe(
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    )
  })

  test('C5 a bucket is listed as in the example', () => {
    const request = { method: 'GET', url: new URL(`${host}/?max-keys=2&prefix=J`), payload: emptyPayload } as const
    expect(signatureOf(signedHeaders(request, key, at))).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    )
  })
})
