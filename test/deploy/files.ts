import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

export const root = join(import.meta.dirname, '../..')

export const text = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Any YAML: what is not there is undefined, as in the file. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Yaml = any

export const yaml = (path: string): Yaml => parse(text(path), { merge: true })

export const documents = (path: string): Yaml[] =>
  parseAllDocuments(text(path), { merge: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]!.message}`)
    return document.toJSON()
  })

/** `KEY=value` lines. */
export const envFile = (path: string): Record<string, string> =>
  Object.fromEntries(
    text(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
