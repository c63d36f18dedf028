/** AWS Signature Version 4, as S3 and what speaks its protocol want it: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
import { createHash, createHmac } from 'node:crypto'

export interface SigningKey {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  region: string
}

export interface UnsignedRequest {
  method: 'GET' | 'PUT' | 'DELETE'
  url: URL
  /** SHA-256 of the body, hexadecimal. */
  payload: string
  headers?: Record<string, string>
}

export const emptyPayload = createHash('sha256').digest('hex')

/** The headers to send it with; `host` is left to whoever sends it. */
export function signedHeaders(
  { method, url, payload, headers = {} }: UnsignedRequest,
  key: SigningKey,
  now: Date,
): Record<string, string> {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${stamp.slice(0, 8)}/${key.region}/s3/aws4_request`
  const sent: Record<string, string> = { ...headers, 'x-amz-content-sha256': payload, 'x-amz-date': stamp }
  if (key.sessionToken !== undefined) sent['x-amz-security-token'] = key.sessionToken
  const all = Object.entries({ ...sent, host: url.host }).map(([name, value]) => [name.toLowerCase(), value.trim()])
  const sorted = all.sort(([a], [b]) => (a! < b! ? -1 : 1))
  const names = sorted.map(([name]) => name).join(';')
  const canonical = [
    method,
    url.pathname.split('/').map(encoded).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${escape(name)}=${escape(value)}`)
      .sort()
      .join('&'),
    ...sorted.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    payload,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const signature = hmac(signingKey(key, stamp.slice(0, 8)), toSign).toString('hex')
  const credential = `${key.accessKeyId}/${scope}`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`
  return { ...sent, authorization }
}

/** Everything but unreserved characters (RFC 3986), which is more than encodeURIComponent does. */
export const escape = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

const encoded = (part: string): string => escape(decodeURIComponent(part))
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function signingKey({ secretAccessKey, region }: SigningKey, day: string): Buffer {
  return [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day))
}
