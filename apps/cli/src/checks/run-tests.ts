import { Terminal } from '@pitcrew/errors'
import { bold, dim } from '../print/colour.ts'
import { duration } from '../print/duration.ts'
import { tick } from '../print/ticks.ts'
import { projectNames, testProjects } from './project-tests.ts'
import type { Result } from './report.ts'
import { staticChecks, type Check } from './static-checks.ts'

/** The project whose tests drive the whole line; they take longest and come last. */
const acceptance = 'acceptance'

export interface TestOptions {
  json?: boolean
  seeds?: number
  seed?: number
}

/** True when all passed. Its last line is `N passed, N failed`. */
export async function runTests(name: string | undefined, { json = false, ...seeding }: TestOptions): Promise<boolean> {
  const began = performance.now()
  const results: Result[] = []
  const tell = (result: Result) => {
    results.push(result)
    process.stdout.write(`${json ? JSON.stringify(result) : lineOf(result)}\n`)
  }
  const { checks, projects } = await choose(name)
  for (const check of checks) tell(await runCheck(check))
  await testProjects(
    projects.filter((project) => project !== acceptance),
    tell,
    seeding,
  )
  await testProjects(
    projects.filter((project) => project === acceptance),
    tell,
    seeding,
  )

  const passed = sum(results, 'passed')
  const failed = sum(results, 'failed')
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'done', passed, failed, ms: Math.round(performance.now() - began) })}\n`,
    )
  } else {
    for (const { name: which, failures } of results.filter(({ failures }) => failures !== '')) {
      process.stdout.write(`\n${bold(which)}\n${failures}\n`)
    }
    process.stdout.write(
      `\n${dim(`took ${duration(performance.now() - began)}`)}\n${passed} passed, ${failed} failed\n`,
    )
  }
  return failed === 0
}

async function choose(name: string | undefined): Promise<{ checks: readonly Check[]; projects: string[] }> {
  const check = staticChecks.find((one) => one.name === name)
  if (check !== undefined) return { checks: [check], projects: [] }
  const projects = await projectNames()
  if (name === undefined) return { checks: staticChecks, projects }
  const project = name.replace('@pitcrew/', '')
  if (projects.includes(project)) return { checks: [], projects: [project] }
  const known = [...staticChecks.map((one) => one.name), ...projects].join(', ')
  throw new Terminal('UNKNOWN_PROJECT', `there is no project or check "${name}": expected one of ${known}`, {
    hint: './pitcrew test runs all of them',
  })
}

async function runCheck({ name, run }: Check): Promise<Result> {
  const began = performance.now()
  const { ok, output } = await run()
  const ms = Math.round(performance.now() - began)
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, ms, failures: ok ? '' : output.trim() }
}

function lineOf({ name, passed, failed, ms, cached }: Result): string {
  const counts = failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`
  return tick(failed > 0 ? 'fail' : 'ok', name, { ms, words: cached ? `${counts} (unchanged)` : counts })
}

const sum = (results: readonly Result[], key: 'passed' | 'failed'): number =>
  results.reduce((total, result) => total + result[key], 0)
