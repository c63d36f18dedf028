import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { objectStoreTarget, once, readAll, type BackupTarget } from '../src/backup/index.ts'
import { signedHeaders } from '../src/backup/sign-request.ts'

const key = { accessKeyId: 'id', secretAccessKey: 'secret', region: 'eu-west-1' }

/** The part of the protocol that backups use, with the answers of S3: objects, listing page by page, refusal of a wrong signature. */
class Bucket {
  readonly objects = new Map<string, Buffer>()
  /** Answers 503 so many times first. */
  busy = 0
  readonly server = createServer((request, response) => void this.#answer(request, response))

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request)
    const url = new URL(request.url!, `http://${request.headers.host}`)
    const stamp = String(request.headers['x-amz-date'])
    const time = new Date(stamp.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
    const payload = createHash('sha256').update(body).digest('hex')
    const method = request.method as 'GET'
    const expected = signedHeaders({ method, url, payload }, key, time).authorization
    if (this.busy-- > 0) return void response.writeHead(503).end()
    if (request.headers.authorization !== expected)
      return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    const name = decodeURIComponent(url.pathname.slice('/bucket/'.length))
    if (method === 'GET' && name === '') return void response.end(this.#list(url))
    this.#object(request.method!, name, body, response)
  }

  #object(method: string, name: string, body: Buffer, response: ServerResponse): void {
    if (method === 'PUT') this.objects.set(name, body)
    if (method === 'DELETE') this.objects.delete(name)
    const object = this.objects.get(name)
    if (method === 'GET' && !object) return void response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    response.end(method === 'GET' ? object : undefined)
  }

  #list({ searchParams }: URL): string {
    const prefix = searchParams.get('prefix') ?? ''
    const from = Number(searchParams.get('continuation-token')?.slice('after & '.length) ?? 0)
    const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix)).sort()
    const page = names
      .slice(from, from + 2)
      .map((name) => `<Contents><Key>${name.replaceAll('&', '&amp;')}</Key></Contents>`)
    const more = names.length > from + 2
    const next = more ? `<NextContinuationToken>after &amp; ${from + 2}</NextContinuationToken>` : ''
    return `<ListBucketResult>${page.join('')}${next}</ListBucketResult>`
  }
}

let bucket: Bucket
let target: BackupTarget
let bucketUrl: string
beforeAll(async () => {
  bucket = new Bucket()
  await new Promise<void>((resolve) => bucket.server.listen(0, '127.0.0.1', resolve))
  bucketUrl = `http://127.0.0.1:${(bucket.server.address() as AddressInfo).port}/bucket`
})
afterAll(() => new Promise((resolve) => bucket.server.close(resolve)))
beforeEach(() => {
  bucket.objects.clear()
  bucket.busy = 0
  target = objectStoreTarget({ bucketUrl, prefix: 'backups', key })
})

const put = (path: string, text: string) => target.write(path, once(text))

describe('C5 backups in an object store', () => {
  test('C5 what was written is read back, listed over several pages, and removed', async () => {
    const text = 'x'.repeat(300_000)
    const written = await put('a b/c&d+é.snapshot', text)
    expect(written).toMatchObject({ bytes: 300_000, sha256: createHash('sha256').update(text).digest('hex') })
    for (const name of ['1', '2', '3', '4']) await put(`sql/${name}`, name)
    bucket.objects.set('elsewhere', Buffer.from(''))
    expect((await readAll(target.read('a b/c&d+é.snapshot'))).toString()).toBe(text)
    expect(await target.list()).toEqual(['a b/c&d+é.snapshot', 'sql/1', 'sql/2', 'sql/3', 'sql/4'])
    expect(await target.below('sql').list()).toEqual(['1', '2', '3', '4'])
    await target.remove('sql/2')
    await expect(readAll(target.read('sql/2'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  test('C5 a file whose source breaks off is not there', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('cut off')
    }
    await expect(target.write('half', broken())).rejects.toThrow('cut off')
    expect(bucket.objects.size).toBe(0)
  })

  test('C5 a store that is busy is asked again; a wrong key is refused with what to check', async () => {
    bucket.busy = 2
    await put('a', 'a')
    expect(bucket.objects.has('backups/a')).toBe(true)
    const wrong = objectStoreTarget({ bucketUrl, prefix: '', key: { ...key, secretAccessKey: 'other' } })
    await expect(wrong.list()).rejects.toMatchObject({
      code: 'OBJECT_STORE_REFUSED',
      message: expect.stringContaining('403 SignatureDoesNotMatch'),
    })
  })
})
