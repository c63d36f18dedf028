import { join, resolve } from 'node:path'

/** Top of the checkout. */
export const root = resolve(import.meta.dirname, '../../../..')

export const mainFile = join(root, 'apps/cli/src/main.ts')

/** Where the person called ./pitcrew from: what relative paths on the command line are relative to. */
export const callerDir = (env: Record<string, string | undefined> = process.env): string =>
  env.PITCREW_CWD ?? process.cwd()

/** nats-server, once fetched, serves every platform of the checkout. */
export const binDir = join(root, '.pitcrew/bin')
