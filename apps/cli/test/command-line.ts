import { spawn } from 'node:child_process'
import { mainFile } from '../src/platform/checkout.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs ./pitcrew's command line as a person would, without the launcher. */
export function pitcrew(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile, ...args], {
    // Without what jest itself was started with.
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '', NO_COLOR: '1', ...env },
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
