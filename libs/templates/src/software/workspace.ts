/**
 * Owns: where a task works: a branch of its own, hidden in the directory that the caller named, below the host's root.
 *
 * Invariants
 *  V1 Nothing outside of the branch changes before it is published, but for the reservation.
 *  V2 Everything can be done twice, and undone twice: a task that was handed out again finds what it made the first time.
 *  V3 What one workflow made, no other one removes.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Retryable, Terminal } from '@pitcrew/errors'
import { rooted } from '../rooted.ts'

export interface Workspace {
  directory: string
  /** Of this workflow. */
  branch: string
  reservation: string
}

/** @throws Terminal PATH_OUTSIDE, NO_DIRECTORY */
export function workspaceOf(root: string, directory: string, workflowId: string): Workspace {
  const path = rooted(root, directory)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Terminal('NO_DIRECTORY', 'the directory to work in is not there', { hint: 'make it first' })
  const id = createHash('sha256').update(workflowId).digest('hex').slice(0, 16)
  return { directory: path, branch: join(path, `.branch-${id}`), reservation: join(path, '.reserved') }
}

/** One task at a time works in a directory. @throws Retryable ENVIRONMENT_TAKEN */
export function reserve({ reservation }: Workspace, workflowId: string): void {
  try {
    writeFileSync(reservation, workflowId, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (holderOf(reservation) === workflowId) return
    throw new Retryable('ENVIRONMENT_TAKEN', 'another task works in this directory', {
      hint: 'it is taken up when that one has ended',
      cause: error,
    })
  }
}

export function release({ reservation }: Workspace, workflowId: string): void {
  if (holderOf(reservation) === workflowId) rmSync(reservation)
}

function holderOf(reservation: string): string | undefined {
  return statSync(reservation, { throwIfNoEntry: false }) && readFileSync(reservation, 'utf8')
}

export const openBranch = ({ branch }: Workspace): void => void mkdirSync(branch, { recursive: true })
export const deleteBranch = ({ branch }: Workspace): void => rmSync(branch, { recursive: true, force: true })

export type Files = Readonly<Record<string, string | Uint8Array>>

/** Gives their paths in the branch. @throws Terminal NO_BRANCH */
export function write({ branch }: Workspace, files: Files): string[] {
  if (!statSync(branch, { throwIfNoEntry: false }))
    throw new Terminal('NO_BRANCH', 'the branch of this task is gone', { hint: 'set it back to its beginning' })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(branch, path)), { recursive: true })
    writeFileSync(join(branch, path), content)
  }
  return Object.keys(files)
}

/** Removes files of the branch and the folders that are empty without them. */
export function remove({ branch }: Workspace, paths: readonly string[]): void {
  for (const path of paths) {
    rmSync(join(branch, path), { force: true })
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      if (!removeEmpty(join(branch, folder))) break
  }
}

/** False if it is not empty. */
export function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return true
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}
