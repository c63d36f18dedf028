import { spawn } from 'node:child_process'
import { mainFile } from '../src/platform/checkout.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs ./pitcrew's command line as a person would, without the launcher. */
export function pitcrew(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const inherited: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1', ...env }
  // What jest itself was started with.
  for (const key of ['NODE_OPTIONS', 'FORCE_COLOR']) delete inherited[key]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile, ...args], {
    env: inherited as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => void (ended.stdout += chunk))
  child.stderr.on('data', (chunk) => void (ended.stderr += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...ended }))
  })
}
