/** YAML of plain data: block style, with strings quoted wherever YAML could read them as something else. */
export function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []\n'
    return `\n${value.map((entry) => `${indent}-${inItem(yaml(entry, `${indent}  `), indent)}`).join('')}`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    if (members.length === 0) return ' {}\n'
    return `\n${members.map(([key, member]) => `${indent}${text(key)}:${yaml(member, `${indent}  `)}`).join('')}`
  }
  return ` ${typeof value === 'string' ? text(value) : JSON.stringify(value)}\n`
}

/** The first member of an object in a list stands on the line of its dash. */
const inItem = (block: string, indent: string): string =>
  block.startsWith(`\n${indent}  `) ? ` ${block.slice(indent.length + 3)}` : block

const plain = /^[A-Za-z][A-Za-z0-9 _./-]*$/
const otherwiseRead = /^(?:true|false|yes|no|on|off|null|y|n)$/i

const text = (value: string): string =>
  plain.test(value) && !otherwiseRead.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value)
