/** What every measurement has in common: how it is said what came out, to people, to programs and in README.md. */
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../platform/checkout.ts'
import { table } from '../print/table.ts'
import { markdownTable, writeBlock } from './readme.ts'
import type { Report } from './report.ts'
import { targetTable, type Titled } from './tables.ts'

/** One that was made. */
export interface Measurement {
  report: Report
  /** For a terminal. */
  full: Titled[]
  /** For README.md; those of the terminal when absent. */
  short?: Titled[]
}

export interface Saying {
  /** "evaluate nab": with "--write-readme", what prints the table; its mark in README.md is "evaluate:nab". */
  command: string
  json?: boolean
  writeReadme?: boolean
}

const readmeFile = join(root, 'README.md')
const gibibyte = 1024 ** 3

/** True when every target is met. */
export function say({ report, full, short = full }: Measurement, { command, json, writeReadme }: Saying): boolean {
  if (writeReadme === true) {
    const words = `Printed by \`./pitcrew ${command} --write-readme\`; [how](docs/guides/measurements.md).`
    const tables = [...short, targetTable(report)].filter(({ rows }) => rows.length > 0).map(markdownTable)
    writeBlock(readmeFile, command.replace(' ', ':'), [...tables, words].join('\n\n'))
  }
  const tables = [...full, targetTable(report)].filter(({ rows }) => rows.length > 0)
  const text = tables.map(({ title, head, rows }) => `${title}\n\n${table(head, rows)}\n`).join('\n')
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `\n${text}`)
  return report.met
}

/** Of this machine, for a protocol. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / gibibyte),
  linux: release(),
})
