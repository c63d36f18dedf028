import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openWorkflows } from '../../api/workflows.ts'
import { callerDir } from '../../platform/checkout.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'

export interface DrawOptions extends Target {
  json?: boolean
  definition?: boolean
  version?: string
}

const formats: Record<string, string> = { svg: 'svg', mmd: 'mermaid', mermaid: 'mermaid' }

/** By the ending of the file's name; `-` prints Mermaid. */
export async function draw(what: string, file: string, options: DrawOptions): Promise<void> {
  const format = file === '-' ? 'mermaid' : formats[file.split('.').at(-1) ?? '']
  if (!format) {
    throw new Terminal('BAD_USAGE', `"${file}" has no ending that says how to draw`, {
      hint: 'end it in .svg or .mmd, or give - for Mermaid on standard output',
    })
  }
  const workflows = openWorkflows(options)
  const drawing = options.definition
    ? await workflows.drawingOfDefinition(what, options.version ?? 'latest', format)
    : await workflows.drawingOfWorkflow(await findWorkflow(workflows, what), format)
  if (file === '-') return line(drawing.trimEnd())
  const path = resolve(callerDir(), file)
  write(path, drawing)
  if (options.json) return json({ file: path, format })
  line(tick('ok', path, { words: format }))
}

function write(path: string, drawing: string): void {
  try {
    writeFileSync(path, drawing)
  } catch (cause) {
    throw new Terminal('CANNOT_WRITE', `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: 'does the folder exist, and may you write to it?',
    })
  }
}
