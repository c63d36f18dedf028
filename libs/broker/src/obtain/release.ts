import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import { PINNED_RELEASE } from '../version.ts'
import { found, goPlatform, missed, type Source } from './source.ts'

const OFFICIAL = 'https://github.com/nats-io/nats-server/releases/download'
const ANSWER_MS = 3_000
const DOWNLOAD_MS = 120_000

/**
 * The official archive, held against the SHA256SUMS of the same release. PITCREW_NATS_RELEASES names a mirror with the
 * same layout (`<base>/v2.14.9/SHA256SUMS`).
 */
export const release: Source = {
  name: 'release',
  trying: `the release archive ${PINNED_RELEASE}`,
  async look({ env, scratch }) {
    const platform = goPlatform()
    if (!platform) return missed(`no release for ${process.platform} ${process.arch}`)
    const base = `${env.PITCREW_NATS_RELEASES || OFFICIAL}/v${PINNED_RELEASE}`
    const folder = `nats-server-v${PINNED_RELEASE}-${platform.os}-${platform.arch}`
    const archive = `${folder}.tar.gz`
    try {
      const sums = (await download(`${base}/SHA256SUMS`)).toString('utf8')
      const content = await download(`${base}/${archive}`)
      const problem = checksumProblem(sums, archive, content)
      if (problem) return missed(problem)
      await writeFile(join(scratch, archive), content)
    } catch (error) {
      return missed(`${new URL(base).host}: ${reasonOf(error)}`)
    }
    const unpacked = await run('tar', ['-xzf', archive, `${folder}/nats-server`], {
      env,
      cwd: scratch,
      timeoutMs: 30_000,
    })
    return unpacked.ok
      ? found(join(scratch, folder, 'nats-server'))
      : missed(`${archive} does not unpack: ${unpacked.reason}`)
  },
}

/** Why the archive is not the one that the release lists; undefined if it is. Lines are `<hex>  <file>`. */
export function checksumProblem(sums: string, archive: string, content: Uint8Array): string | undefined {
  const lines = sums.split('\n').map((line) => line.trim().split(/\s+\*?/))
  const expected = lines.find(([, name]) => name === archive)?.[0]
  if (!expected) return `SHA256SUMS of the release does not list ${archive}`
  const actual = createHash('sha256').update(content).digest('hex')
  return actual === expected.toLowerCase()
    ? undefined
    : `${archive} has SHA-256 ${actual}, the release lists ${expected}`
}

/** Gives up when the far end has not answered at all within ANSWER_MS; the body may take longer. */
async function download(url: string): Promise<Buffer> {
  const noAnswer = new AbortController()
  const timer = setTimeout(() => noAnswer.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS)
  try {
    const response = await fetch(url, { signal: AbortSignal.any([noAnswer.signal, AbortSignal.timeout(DOWNLOAD_MS)]) })
    clearTimeout(timer)
    if (!response.ok) throw new Error(`${response.status} for ${new URL(url).pathname}`)
    return Buffer.from(await response.arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}
