/** What can be said of the checkout without running it, quickest first. Each gives what is wrong, or nothing. */
import { runProgram, type Outcome } from './command.ts'
import { breakingChanges, staleCode } from './contracts.ts'

export interface Check {
  name: string
  run: () => Promise<Outcome>
}

export const staticChecks: readonly Check[] = [
  { name: 'format', run: () => runProgram('prettier', ['--check', '--log-level', 'warn', '.']) },
  { name: 'protobuf', run: () => firstFailing([() => runProgram('buf', ['lint']), staleCode, breakingChanges]) },
  { name: 'types', run: () => runProgram('tsc', ['-p', 'tsconfig.json', '--pretty', 'false']) },
  { name: 'lint', run: lint },
]

/** Without nx's project graph at hand the rule about dependencies lets everything through, so the graph is made first. */
async function lint(): Promise<Outcome> {
  const graph = await runProgram('nx', ['show', 'projects'])
  return graph.ok ? runProgram('eslint', ['--max-warnings', '0', '.']) : graph
}

async function firstFailing(steps: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  for (const step of steps) {
    const outcome = await step()
    if (!outcome.ok) return outcome
  }
  return { ok: true, output: '' }
}
