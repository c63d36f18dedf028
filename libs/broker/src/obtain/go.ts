import { join } from 'node:path'
import { onPath, run } from '../run.ts'
import { PINNED_RELEASE } from '../version.ts'
import { found, missed, type Source } from './source.ts'

const MODULE = 'github.com/nats-io/nats-server/v2'

/** Built from source by the machine's own Go; the module's checksum is verified by Go's checksum database. */
export const go: Source = {
  name: 'go',
  trying: `go install of ${PINNED_RELEASE}`,
  async look({ env, scratch }) {
    if (!onPath('go', env)) return missed('Go is not on PATH')
    const bin = join(scratch, 'go-bin')
    const buildEnv = { ...env, ...homeless(env, scratch), GOBIN: bin, GOOS: '', GOARCH: '', CGO_ENABLED: '0' }
    // The module proxy is asked for the version first: it fails within seconds when there is no network.
    const target = `${MODULE}@v${PINNED_RELEASE}`
    const listed = await run('go', ['list', '-m', target], { env: buildEnv, cwd: scratch, timeoutMs: 10_000 })
    if (!listed.ok) return missed(`the module is out of reach: ${listed.reason}`)
    const built = await run('go', ['install', '-trimpath', '-ldflags=-s -w', target], {
      env: buildEnv,
      cwd: scratch,
      timeoutMs: 300_000,
    })
    return built.ok ? found(join(bin, 'nats-server')) : missed(`the build failed: ${built.reason}`)
  },
}

/** Go derives its caches from HOME; without one it refuses to build. */
function homeless(env: Record<string, string | undefined>, scratch: string) {
  if (env.HOME) return {}
  return {
    GOPATH: join(scratch, 'go'),
    GOCACHE: join(scratch, 'go-cache'),
    GOFLAGS: `${env.GOFLAGS ?? ''} -modcacherw`,
  }
}
