import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** What the stand-in for the command line tells of how it was started. */
export interface Started {
  args: string[]
  cwd: string
  callerCwd: string
  node: string
  flags: string[]
}

const TELL = `console.log(JSON.stringify({
  args: process.argv.slice(2), cwd: process.cwd(), callerCwd: process.env.PITCREW_CWD, node: process.argv0, flags: process.execArgv,
}))\n`
const LAUNCHER = resolve(import.meta.dirname, '../../../../pitcrew')
/** The package that carries the pinned Node on this platform. */
export const PINNED = `node-${process.platform}-${process.arch}`

/**
 * A small checkout with the real launcher in it, for its tests: npm really installs it, from its own folders alone. The
 * pinned Node is the one that runs the tests.
 */
export class Checkout {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'launcher-')))
  readonly launcher = join(this.root, 'pitcrew')

  constructor({ pinned = true } = {}) {
    copyFileSync(LAUNCHER, this.launcher)
    mkdirSync(join(this.root, 'apps/cli/src'), { recursive: true })
    writeFileSync(join(this.root, 'apps/cli/src/main.ts'), TELL)
    this.depend(...(pinned ? [PINNED] : ['some-package']))
    if (pinned) {
      mkdirSync(join(this.root, PINNED, 'bin'))
      symlinkSync(process.execPath, join(this.root, PINNED, 'bin/node'))
    }
  }

  /** Makes these the packages that the lock file asks for, each a folder of the checkout. */
  depend(...names: string[]): void {
    const dependencies = Object.fromEntries(names.map((name) => [name, `file:${name}`]))
    const packages: Record<string, object> = { '': { name: 'checkout', version: '1.0.0', dependencies } }
    for (const name of names) {
      mkdirSync(join(this.root, name), { recursive: true })
      this.write(join(name, 'package.json'), { name, version: '1.0.0' })
      packages[name] = { version: '1.0.0' }
      packages[`node_modules/${name}`] = { resolved: name, link: true }
    }
    this.write('package.json', { name: 'checkout', version: '1.0.0', dependencies })
    this.write('package-lock.json', {
      name: 'checkout',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages,
    })
  }

  /** Makes the lock file ask for a package that has to be fetched. */
  dependOnRegistry(name: string): void {
    const root = { name: 'checkout', version: '1.0.0', dependencies: { [name]: '1.0.0' } }
    const packages = { '': root, [`node_modules/${name}`]: { version: '1.0.0' } }
    this.write('package.json', root)
    this.write('package-lock.json', {
      name: 'checkout',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages,
    })
  }

  write(file: string, content: object): void {
    writeFileSync(join(this.root, file), JSON.stringify(content))
  }

  /** A folder for PATH that holds these programs of the machine and nothing else. */
  pathWith(...names: string[]): string {
    const folder = mkdtempSync(join(this.root, 'path-'))
    for (const name of names) {
      const found = (process.env.PATH ?? '').split(delimiter).map((part) => join(part, name))
      const file = found.find((candidate) => isThere(candidate))
      if (!file) throw new Error(`${name} is not on this machine's PATH`)
      symlinkSync(file, join(folder, name))
    }
    return folder
  }

  /** A program that only says its version. */
  program(folder: string, name: string, version: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${version}'\n`)
    chmodSync(join(folder, name), 0o755)
  }

  run(
    args: string[] = [],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; command?: string } = {},
  ): Promise<Outcome> {
    const { cwd = this.root, env = {}, command = this.launcher } = options
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
    const child = spawn(command, args, { cwd, env: { ...process.env, PATH, ...env } })
    const outcome = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (outcome.stdout += chunk))
    child.stderr.on('data', (chunk) => (outcome.stderr += chunk))
    return new Promise((settle, reject) => {
      child.once('error', reject)
      child.once('close', (code) => settle({ code, ...outcome }))
    })
  }

  /** Runs it and reads what the command line told; what went wrong is the error. */
  async start(
    args: string[] = [],
    options: Parameters<Checkout['run']>[1] = {},
  ): Promise<Started & { stderr: string }> {
    const { code, stdout, stderr } = await this.run(args, options)
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`)
    return { ...(JSON.parse(stdout) as Started), stderr }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

function isThere(file: string): boolean {
  try {
    return realpathSync(file) !== ''
  } catch {
    return false
  }
}
