import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export type Environment = Record<string, string | undefined>

export interface RunOptions {
  env: Environment
  /** Milliseconds until the command is stopped and counts as failed. */
  timeoutMs: number
  cwd?: string
}

export type RunResult = { ok: true; stdout: string } | { ok: false; reason: string }

/** Runs a command to its end. Never throws: a failure is the last line of what the command said, fit for a person. */
export function run(command: string, args: string[], { env, timeoutMs, cwd }: RunOptions): Promise<RunResult> {
  const options = {
    env: env as NodeJS.ProcessEnv,
    timeout: timeoutMs,
    cwd,
    maxBuffer: 16 * 1024 * 1024,
    encoding: 'utf8' as const,
  }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ ok: true, stdout })
      if (error.killed) return resolve({ ok: false, reason: `no answer within ${Math.round(timeoutMs / 1000)} s` })
      resolve({ ok: false, reason: lastLine(stderr) ?? lastLine(stdout) ?? error.message })
    })
  })
}

/** The first executable file of that name on `env.PATH`. */
export function onPath(name: string, env: Environment): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (folder !== '' && isExecutable(path)) return path
  }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function lastLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '')
}
