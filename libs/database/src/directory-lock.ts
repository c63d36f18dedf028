/**
 * One process per PGlite directory: two engines over the same files destroy them.
 *
 * 1. The lock file appears whole or not at all (written aside, then linked), so it always names its owner.
 * 2. A lock whose owner lives is never taken over; one whose owner is gone always is. Process numbers are used again, so an
 *    owner is a number and, where the system tells it, a start time.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Terminal } from '@pitcrew/errors'

interface Owner {
  pid: number
  startedAt: string
}

export function lockDirectory(directory: string): { release(): void } {
  const path = `${directory}.lock`
  mkdirSync(dirname(path), { recursive: true })
  while (!tryTake(path)) removeAbandoned(path, directory)
  return { release: () => rmSync(path, { force: true }) }
}

let taken = 0

function tryTake(path: string): boolean {
  const aside = `${path}.${process.pid}.${taken++}`
  writeFileSync(aside, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Owner))
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function removeAbandoned(path: string, directory: string): void {
  const owner = readOwner(path)
  if (owner === undefined) return
  if (lives(owner)) throw inUse(directory, owner)
  const aside = `${path}.${process.pid}.abandoned`
  try {
    renameSync(path, aside)
  } catch {
    return // another process removed it first; the next try tells
  }
  // Between the look and the rename somebody may have taken the lock: give back what is theirs.
  const moved = readOwner(aside)
  if (moved !== undefined && lives(moved)) renameSync(aside, path)
  else rmSync(aside, { force: true })
}

function inUse(directory: string, owner: Owner): Terminal {
  return new Terminal('DATABASE_IN_USE', `${directory} is in use by process ${owner.pid}, expected nobody`, {
    hint: `stop that process, or give this one its own directory in DATABASE_URL`,
    details: { pid: owner.pid },
  })
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return { pid: 0, startedAt: '' } // not ours, or damaged by a power cut: no live process can be behind it
  }
}

function lives(owner: Owner): boolean {
  if (owner.pid <= 0) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return startOf(owner.pid) === owner.startedAt
}

/** Start time in clock ticks since boot (proc(5), field 22); '' where there is no /proc, which leaves the number alone to tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name is in brackets and may hold anything, so fields are counted after the last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
