/** The tests of projects, run by nx: in the order of their dependencies, three at a time, and only what a change concerns. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Terminal } from '@pitcrew/errors'
import { root } from '../platform/checkout.ts'
import { runProgram } from './command.ts'
import { resultOf, type JestReport, type Result } from './report.ts'

const reports = join(root, '.pitcrew/test')
const lookEveryMs = 200
/** One more than the cores of a small machine: the tests of the libraries wait most of the time, for leases and deadlines. */
const lanes = 3

/** Names without scope: `scheduling`. */
export async function projectNames(): Promise<string[]> {
  const { ok, output } = await runProgram('nx', ['show', 'projects', '--with-target', 'test', '--json'])
  const list = output.split('\n').find((text) => text.startsWith('['))
  if (!ok || list === undefined) throw new Terminal('NX_FAILED', `nx cannot list the projects: ${output.trim()}`)
  return (JSON.parse(list) as string[]).map((name) => name.replace('@pitcrew/', '')).sort()
}

/** Tells each project's outcome as soon as it is known. With seeds of its own a run is not one that has passed before. */
export async function testProjects(
  names: readonly string[],
  onResult: (result: Result) => void,
  { seeds, seed }: { seeds?: number; seed?: number } = {},
): Promise<void> {
  if (names.length === 0) return
  for (const name of names) rmSync(reportOf(name), { force: true })
  const began = Date.now()
  const waiting = new Set(names)
  const collect = () => {
    for (const name of waiting) {
      const report = readReport(name)
      if (report === undefined) continue
      waiting.delete(name)
      onResult(resultOf(name, report, { ms: tookMs(report), cached: (report.startTime ?? began) < began }))
    }
  }
  const projects = names.map((name) => `@pitcrew/${name}`).join(',')
  const args = [
    'run-many',
    '-t',
    'test',
    '-p',
    projects,
    `--parallel=${lanes}`,
    '--output-style=stream',
    '--nxBail=false',
  ]
  const env = {
    ...(seeds !== undefined && { SEEDS: String(seeds) }),
    ...(seed !== undefined && { SEED: String(seed) }),
  }
  if (Object.keys(env).length > 0) args.push('--skip-nx-cache')
  let ended = false
  const running = runProgram('nx', args, { env }).finally(() => (ended = true))
  while (!ended) {
    collect()
    await Promise.race([running, pause(lookEveryMs)])
  }
  const { output } = await running
  collect()
  for (const name of waiting) {
    const failures = `its tests gave no report; nx said:\n${output.trim().split('\n').slice(-40).join('\n')}`
    onResult({ name, passed: 0, failed: 1, ms: Date.now() - began, failures })
  }
}

const reportOf = (name: string): string => join(reports, '@pitcrew', `${name}.json`)

function readReport(name: string): JestReport | undefined {
  if (!existsSync(reportOf(name))) return undefined
  try {
    return JSON.parse(readFileSync(reportOf(name), 'utf8')) as JestReport
  } catch {
    return undefined // half written; it is read again
  }
}

function tookMs({ startTime, testResults }: JestReport): number {
  const ends = testResults.map(({ endTime }) => endTime ?? 0)
  return startTime === undefined ? 0 : Math.max(0, Math.max(0, ...ends) - startTime)
}
