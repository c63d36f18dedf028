import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onPath, run, type Environment } from '../run.ts'
import { found, missed, type Source } from './source.ts'

const SUITE = 'sid'
const KEYRINGS = ['gpg', 'pgp'].map((kind) => `/usr/share/keyrings/debian-archive-keyring.${kind}`)

/**
 * Debian's newest suite through the machine's own mirror, into a folder of ours: nothing is installed and no list of the
 * system is touched. apt checks the suite's signature against the keyring of the system; unsigned is refused.
 */
export const apt: Source = {
  name: 'apt',
  trying: `Debian ${SUITE}'s package`,
  async look({ env, scratch }) {
    if (!onPath('apt-get', env) || !onPath('dpkg-deb', env)) return missed('this machine has no apt')
    if (!isDebian()) return missed('this machine is not Debian')
    const mirror = await ownMirror(env)
    if (!mirror) return missed('apt names no Debian mirror')
    const folder = join(scratch, 'apt')
    const options = privateOptions(folder, mirror)
    const listed = await run('apt-get', [...options, '-qq', 'update'], { env, cwd: folder, timeoutMs: 60_000 })
    if (!listed.ok) return missed(`the list of ${SUITE} does not load: ${listed.reason}`)
    const fetched = await run('apt-get', [...options, '-qq', 'download', 'nats-server'], {
      env,
      cwd: folder,
      timeoutMs: 60_000,
    })
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'))
    if (!archive) return missed(`the package does not load: ${fetched.ok ? 'nothing came' : fetched.reason}`)
    const unpacked = await run('dpkg-deb', ['-x', archive, 'unpacked'], { env, cwd: folder, timeoutMs: 30_000 })
    if (!unpacked.ok) return missed(`${archive} does not unpack: ${unpacked.reason}`)
    return candidates(join(folder, 'unpacked'))
  },
}

/** Everything that apt writes goes under `folder`; it reads one list of sources, ours. */
function privateOptions(folder: string, mirror: string): string[] {
  for (const part of ['lists/partial', 'cache/archives/partial', 'parts'])
    mkdirSync(join(folder, part), { recursive: true })
  const keyring = KEYRINGS.find((path) => existsSync(path))
  const attributes = ['target=Packages', ...(keyring ? [`signed-by=${keyring}`] : [])].join(' ')
  writeFileSync(join(folder, 'sources.list'), `deb [${attributes}] ${mirror} ${SUITE} main\n`)
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'parts'),
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(folder, 'cache'),
    // Run by root, apt would step down to a user who may not enter our folder.
    'APT::Sandbox::User': '',
    'Acquire::http::Timeout': '5',
    'Acquire::https::Timeout': '5',
    'Acquire::Retries': '0',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

async function ownMirror(env: Environment): Promise<string | undefined> {
  const format = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']
  const listed = await run('apt-get', format, { env, timeoutMs: 10_000 })
  if (!listed.ok) return undefined
  const mirrors = listed.stdout.split('\n').map((line) => line.trim())
  return (
    mirrors.find((uri) => /\/debian\/?$/.test(uri)) ?? mirrors.find((uri) => uri !== '' && !uri.includes('security'))
  )
}

function candidates(folder: string) {
  const binary = ['usr/sbin/nats-server', 'usr/bin/nats-server']
    .map((name) => join(folder, name))
    .find((name) => existsSync(name))
  return binary ? found(binary) : missed('the package holds no nats-server')
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
}
