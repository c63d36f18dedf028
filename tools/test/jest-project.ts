/** Runs the jest tests of one project, given its folder and name; the outcome goes to .pitcrew/test/<name>.json. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const [folder = '', name = ''] = process.argv.slice(2)
const cwd = join(root, folder)
const report = join(root, '.pitcrew/test', `${name}.json`)

const files = (pattern: string) => globSync(pattern, { cwd, exclude: (file) => file.includes('node_modules') })

function tell(outcome: object): void {
  mkdirSync(dirname(report), { recursive: true })
  writeFileSync(report, JSON.stringify(outcome))
}

function runJest(): number {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const args = [jest, '-c', join(root, 'jest.config.mjs'), '--json', `--outputFile=${report}`, '--maxWorkers=50%']
  const env = {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    JEST_ROOT: cwd,
  }
  mkdirSync(dirname(report), { recursive: true })
  // With --json the report would come on standard output as well.
  return spawnSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] }).status ?? 1
}

rmSync(report, { force: true })
if (files('**/*.spec.ts').length > 0) {
  process.exitCode = runJest()
} else if (files('src/**/*.ts').some((file) => !file.includes('/gen/'))) {
  const message = `${folder} has source and no tests: expected at least one *.spec.ts`
  tell({ numPassedTests: 0, numFailedTests: 1, testResults: [{ status: 'failed', message }] })
  process.exitCode = 1
} else {
  tell({ numPassedTests: 0, numFailedTests: 0, testResults: [] })
}
