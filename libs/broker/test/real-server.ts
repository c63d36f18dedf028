import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findNatsServer, type NatsServer } from '../src/index.ts'

/** Long enough to build one from source on a machine that has none. */
export const OBTAIN_MS = 600_000

export function realServer(): Promise<NatsServer> {
  return findNatsServer({ cacheDir: resolve(import.meta.dirname, '../../../.pitcrew/bin') })
}

export interface Scratch {
  path: string
  [Symbol.dispose](): void
}

/** A folder for one test, removed at its end. */
export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'broker-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Waits until it holds; the caller's test times out if it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}
