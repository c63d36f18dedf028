import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { identify, isAlive } from './process-identity.ts'

/**
 * Mutual exclusion between processes of one machine by a file that names its owner.
 *
 * 1. The file appears whole or not at all (written aside, then linked), so it always names an owner.
 * 2. A lock whose owner no longer lives is taken over; one whose owner lives never is.
 */
export async function withFileLock<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + waitMs
  mkdirSync(dirname(path), { recursive: true })
  while (!tryTake(path)) {
    removeIfAbandoned(path)
    if (Date.now() > deadline) {
      throw new Retryable('LOCK_TIMEOUT', `${path} is held by process ${ownerOf(path)?.pid ?? 'unknown'}`, {
        hint: 'wait for the other Pitcrew process to finish, or end it',
      })
    }
    await delay(50)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

let taken = 0

function tryTake(path: string): boolean {
  const aside = `${path}.${process.pid}.${taken++}`
  writeFileSync(aside, JSON.stringify({ pid: process.pid, startedAt: identify(process.pid)?.startedAt }))
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

function removeIfAbandoned(path: string): void {
  const owner = ownerOf(path)
  if (!owner || isAlive(owner)) return
  const aside = `${path}.${process.pid}.abandoned`
  try {
    renameSync(path, aside)
  } catch {
    return // somebody else removed it first
  }
  // Between the look and the rename another process may have taken the lock over: give it back what is its own.
  const moved = ownerOf(aside)
  if (moved && isAlive(moved)) renameSync(aside, path)
  else rmSync(aside, { force: true })
}

function ownerOf(path: string): { pid: number; startedAt: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined // gone since; the next attempt to take it tells
  }
}
