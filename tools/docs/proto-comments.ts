/**
 * What the comments in proto/ say of each message and field: "pitcrew.telemetry.v1.Frame" and
 * "pitcrew.telemetry.v1.Frame.device_time_ms". The compiled descriptor may come without them.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const opens = /^(?:message|enum|service|oneof) (\w+) \{/
const field = /^(?:(?:repeated|optional) )?(?:map<[\w., ]+>|[\w.]+) (\w+) = \d+/

export function protoComments(root: string): Map<string, string> {
  const comments = new Map<string, string>()
  for (const file of globSync('**/*.proto', { cwd: join(root, 'proto') }).sort())
    readComments(readFileSync(join(root, 'proto', file), 'utf8'), comments)
  return comments
}

function readComments(source: string, comments: Map<string, string>): void {
  const scope: string[] = []
  let pending: string[] = []
  for (const raw of source.split('\n')) {
    const line = raw.trim()
    if (line.startsWith('//')) {
      pending.push(line.slice(2).trim())
      continue
    }
    const name = opens.exec(line)?.[1] ?? field.exec(line)?.[1]
    if (name !== undefined && pending.length > 0) comments.set([...scope, name].join('.'), pending.join(' '))
    const inPackage = /^package ([\w.]+);/.exec(line)?.[1]
    if (inPackage !== undefined) scope.push(inPackage)
    // A oneof is no scope: its fields belong to the message.
    const opened = opens.exec(line)?.[1]
    if (opened !== undefined && !line.endsWith('}')) scope.push(line.startsWith('oneof') ? '' : opened)
    else if (line === '}') scope.pop()
    pending = []
  }
}
