/**
 * Backups in a bucket of S3 or of anything that speaks its protocol.
 *
 * 1. A file is written aside first, on this machine: an object is put in one piece, with its size and digest, so that it is there
 *    whole or not at all, and the store itself refuses what arrives changed.
 */
import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Retryable, Terminal } from '@pitcrew/errors'
import { backoffMs, pause } from '@pitcrew/messaging'
import { emptyPayload, escape, signedHeaders, type SigningKey, type UnsignedRequest } from './sign-request.ts'
import type { BackupTarget, WrittenFile } from './target.ts'

export interface ObjectStore {
  /** Of the bucket: `https://bucket.s3.eu-west-1.amazonaws.com` or `http://127.0.0.1:9000/bucket`. */
  bucketUrl: string
  /** Before every key; without a slash at its ends. */
  prefix: string
  key: SigningKey
}

const attempts = 4

export function objectStoreTarget(store: ObjectStore): BackupTarget {
  const prefix = store.prefix === '' ? '' : `${store.prefix}/`
  const urlOf = (path: string): URL => {
    const parts = `${prefix}${path}`.split('/').map(escape)
    return new URL(`${store.bucketUrl.replace(/\/$/, '')}/${parts.join('/')}`)
  }
  return {
    place: `${store.bucketUrl}/${store.prefix}`,
    write: (path, content) => put(store, urlOf(path), path, content),
    read: (path) => get(store, urlOf(path), path),
    list: () => list(store, prefix),
    remove: async (path) => void (await ask(store, { method: 'DELETE', url: urlOf(path), payload: emptyPayload })),
    below: (name) => objectStoreTarget({ ...store, prefix: `${prefix}${name}` }),
  }
}

async function put(
  store: ObjectStore,
  url: URL,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<WrittenFile> {
  const folder = await mkdtemp(join(tmpdir(), 'pitcrew-put-'))
  try {
    const file = join(folder, 'object')
    const { bytes, sha256 } = await writeAside(file, content)
    await ask(store, { method: 'PUT', url, payload: sha256 }, await openAsBlob(file))
    return { path, bytes, sha256 }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeAside(file: string, content: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      bytes += chunk.length
      await handle.writeFile(chunk)
    }
  } finally {
    await handle.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function* get(store: ObjectStore, url: URL, path: string): AsyncGenerator<Uint8Array> {
  const answer = await ask(store, { method: 'GET', url, payload: emptyPayload }, undefined, [404])
  if (answer.status === 404) throw new Terminal('FILE_NOT_FOUND', `${path} is not in ${store.bucketUrl}`)
  for await (const chunk of answer.body ?? []) yield chunk as Uint8Array
}

async function list(store: ObjectStore, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for (let token: string | undefined = ''; token !== undefined;) {
    const url = new URL(`${store.bucketUrl.replace(/\/$/, '')}/`)
    url.searchParams.set('list-type', '2')
    url.searchParams.set('prefix', prefix)
    if (token !== '') url.searchParams.set('continuation-token', token)
    const xml = await (await ask(store, { method: 'GET', url, payload: emptyPayload })).text()
    for (const [, key] of xml.matchAll(/<Key>(.*?)<\/Key>/gs)) paths.push(plain(key!).slice(prefix.length))
    token = xml.match(/<NextContinuationToken>(.*?)<\/NextContinuationToken>/s)?.[1]
    if (token !== undefined) token = plain(token)
  }
  return paths.sort()
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const plain = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]!)

/** @throws Terminal OBJECT_STORE_REFUSED; Retryable OBJECT_STORE_UNAVAILABLE */
async function ask(
  store: ObjectStore,
  request: UnsignedRequest,
  body?: Blob,
  expected: number[] = [],
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const headers = signedHeaders(request, store.key, new Date())
    const sent = { method: request.method, headers, ...(body && { body }) }
    const answer = await fetch(request.url, sent).catch((error: unknown) => unreachable(store, error))
    if (answer instanceof Retryable || answer.status >= 500 || answer.status === 429) {
      const failure = answer instanceof Retryable ? answer : unreachable(store, `it answers ${answer.status}`)
      if (attempt === attempts) throw failure
      await pause(backoffMs(attempt, 200, 5_000))
    } else if (answer.ok || expected.includes(answer.status)) return answer
    else throw await refused(store, answer)
  }
}

const unreachable = (store: ObjectStore, cause: unknown): Retryable =>
  new Retryable('OBJECT_STORE_UNAVAILABLE', `${store.bucketUrl} cannot be used: ${String(cause)}`, { cause })

async function refused(store: ObjectStore, answer: Response): Promise<Terminal> {
  const code = (await answer.text()).match(/<Code>(.*?)<\/Code>/s)?.[1] ?? ''
  return new Terminal('OBJECT_STORE_REFUSED', `${store.bucketUrl} answers ${answer.status} ${code}`.trim(), {
    hint: 'check the bucket, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  })
}
