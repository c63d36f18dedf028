/**
 * The table between two marks in README.md, made by the command that the text under it names. What stands outside of the
 * marks is never touched.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import type { Titled } from './tables.ts'

const opening = (name: string): string => `<!-- ${name} -->`
const closing = (name: string): string => `<!-- /${name} -->`

/** `name`: such as "bench:engine". @throws Terminal NO_MARKS */
export function writeBlock(file: string, name: string, content: string): void {
  writeFileSync(file, replaceBlock(readFileSync(file, 'utf8'), name, content))
}

/** @throws Terminal NO_MARKS when the text does not hold both, in order */
export function replaceBlock(text: string, name: string, content: string): string {
  const start = text.indexOf(opening(name))
  const end = text.indexOf(closing(name), start)
  if (start < 0 || end < 0) {
    throw new Terminal('NO_MARKS', `the text does not hold ${opening(name)} and then ${closing(name)}`, {
      hint: 'put both, each on a line of its own, where the table is to be',
    })
  }
  return `${text.slice(0, start)}${opening(name)}\n\n${content.trim()}\n\n${text.slice(end)}`
}

/** As the formatter leaves it: cells padded to the widest of their column. */
export function markdownTable({ title, head, rows }: Titled): string {
  const widths = head.map((cell, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [title, '', line(head), rule, ...rows.map(line)].join('\n')
}
