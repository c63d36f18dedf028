/**
 * Owns: what a directory has published, `published/<name>/<version>/`.
 *
 * Invariants
 *  B1 A version appears whole or not at all: it is written beside its place and renamed into it.
 *  B2 A version never changes: what is there under another task's name is left alone (VERSION_TAKEN).
 *  B3 Withdrawing takes away what publishing made, folders too, and nothing else; each of the two may be done twice.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { rooted } from '../rooted.ts'
import { integrityOf } from './tarball.ts'
import { removeEmpty, workspaceOf, type Workspace } from './workspace.ts'

export interface Place {
  root: string
  directory: string
  name: string
  version: string
  workflowId: string
}

export interface Published {
  /** Below the host's root. */
  path: string
  integrity: string
}

interface Release {
  by: string
  integrity: string
}

const made = 'folders-made.json'
const release = 'release.json'

export const tarballName = (name: string, version: string): string => `${name}-${version}.tgz`

/** @throws Terminal VERSION_TAKEN, BAD_PACKAGE */
export function publish(place: Place, integrity: string): Published {
  const { root, directory, name, version, workflowId } = place
  const workspace = workspaceOf(root, directory, workflowId)
  const target = targetOf(place)
  const published = { path: pathOf(place), integrity }
  const there = releaseAt(target)
  if (there?.by === workflowId && there.integrity === integrity) return published
  if (existsSync(target))
    throw new Terminal('VERSION_TAKEN', `${name} ${version} is published already`, {
      hint: 'raise the version, or take away what is there and retry',
    })
  const file = tarballName(name, version)
  const bytes = readFileSync(join(workspace.branch, file))
  if (integrityOf(bytes) !== integrity)
    throw new Terminal('BAD_PACKAGE', 'the package is not the one that was packed', {
      hint: 'set back to the checkpoint',
    })
  noteFolders(workspace, target)
  const beside = join(workspace.branch, 'release')
  rmSync(beside, { recursive: true, force: true })
  mkdirSync(beside)
  writeFileSync(join(beside, file), bytes)
  writeFileSync(join(beside, release), `${JSON.stringify({ by: workflowId, integrity } satisfies Release)}\n`)
  mkdirSync(dirname(target), { recursive: true })
  renameSync(beside, target)
  return published
}

export function withdraw(place: Place): void {
  const target = targetOf(place)
  const workspace = workspaceOf(place.root, place.directory, place.workflowId)
  if (releaseAt(target)?.by === place.workflowId) rmSync(target, { recursive: true })
  const note = join(workspace.branch, made)
  if (!existsSync(note)) return
  // Deepest last in the note, first here.
  for (const folder of (JSON.parse(readFileSync(note, 'utf8')) as string[]).toReversed())
    removeEmpty(join(workspace.directory, folder))
  rmSync(note)
}

/** Reads back what is published. @throws Terminal BAD_PACKAGE */
export function verify(place: Place, integrity: string): { bytes: number } {
  const file = join(targetOf(place), tarballName(place.name, place.version))
  const bytes = existsSync(file) ? readFileSync(file) : new Uint8Array()
  if (integrityOf(bytes) === integrity) return { bytes: bytes.length }
  throw new Terminal('BAD_PACKAGE', 'what is published is not what was packed', {
    hint: 'look at the disk, then retry',
  })
}

/** Folders that are not there yet, before the first of them is made, so that a second try knows them as well. */
function noteFolders({ branch, directory }: Workspace, target: string): void {
  const note = join(branch, made)
  if (existsSync(note)) return
  const parts = dirname(target)
    .slice(directory.length + 1)
    .split('/')
  const folders = parts.map((_, i) => parts.slice(0, i + 1).join('/'))
  writeFileSync(note, JSON.stringify(folders.filter((folder) => !existsSync(join(directory, folder)))))
}

const pathOf = ({ directory, name, version }: Place): string => `${directory}/published/${name}/${version}`
const targetOf = (place: Place): string => rooted(place.root, pathOf(place))

function releaseAt(target: string): Release | undefined {
  const file = join(target, release)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Release) : undefined
}
