import { chmodSync, chownSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundles } from './bundles.ts'

/** These hold nothing secret, and are read by whatever user the image of the broker or database runs as. */
const readableByAll = ['nats', 'postgres']

/** A folder for each container, to be mounted there. `owner`: uid and gid of the services; only root can give it away. */
export function writeBundles(folder: string, bundles: Bundles, owner?: number): void {
  for (const [name, files] of Object.entries(bundles)) {
    const open = readableByAll.includes(name)
    const own = join(folder, name)
    mkdirSync(own, { recursive: true })
    for (const [file, content] of Object.entries(files)) write(join(own, file), content, open ? 0o444 : 0o400, owner)
    chmodSync(own, open ? 0o755 : 0o700)
    if (owner !== undefined) chownSync(own, owner, owner)
  }
}

/** A service that starts meanwhile reads all of it, old or new. */
function write(path: string, content: string, mode: number, owner: number | undefined): void {
  const next = `${path}.next`
  writeFileSync(next, content, { mode: 0o600, flush: true })
  chmodSync(next, mode)
  if (owner !== undefined) chownSync(next, owner, owner)
  renameSync(next, path)
}
