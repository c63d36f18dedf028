/** For the tests: a module that can be built, and a folder as it is before anybody works in it. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SoftwareInput } from './definition.ts'
import type { FunctionSpec, ModuleSpec } from './spec.ts'
import { softwareInput } from './template.ts'

const functions: FunctionSpec[] = [
  {
    name: 'slugify',
    description: 'Makes a text fit for an address. */ It cannot end this comment.',
    params: [{ name: 'text', type: 'string' }],
    returns: 'string',
    body: "const plain: string = text.normalize('NFD').replace(/[\\u0300-\\u036f]/g, '')\nreturn plain\n  .toLowerCase()\n  .replace(/[^a-z0-9]+/g, '-')\n  .replace(/^-+|-+$/g, '')",
    examples: [
      { args: ['Crème brûlée!'], returns: 'creme-brulee' },
      { args: ['  a  b '], returns: 'a-b' },
      { args: [''], returns: '' },
    ],
  },
  {
    name: 'total',
    description: 'Adds up prices. It refuses a quantity below nothing.',
    params: [{ name: 'lines', type: 'Line[]' }],
    returns: 'number',
    body: "let sum = 0\nfor (const { price, quantity = 1 } of lines) {\n  if (quantity < 0) throw new RangeError('quantity below nothing')\n  sum += price * quantity\n}\nreturn sum",
    examples: [
      { args: [[]], returns: 0 },
      { args: [[{ price: 2, quantity: 3 }, { price: 4 }]], returns: 10 },
      { args: [[{ price: 1, quantity: -1 }]], throws: 'below nothing' },
    ],
  },
]

export const shop: ModuleSpec = {
  name: 'shop-floor',
  version: '1.2.0',
  description: 'Small things that a shop needs.',
  types: [
    {
      name: 'Line',
      description: 'One line of an order.',
      fields: [
        { name: 'price', type: 'number' },
        { name: 'quantity', type: 'number', optional: true },
      ],
    },
  ],
  functions,
}

/** The module with one function changed. */
export const withFunction = (name: string, change: Partial<FunctionSpec>): ModuleSpec => ({
  ...shop,
  functions: functions.map((one) => (one.name === name ? { ...one, ...change } : one)),
})

export const failing = withFunction('total', {
  examples: [
    { args: [[]], returns: 0 },
    { args: [[{ price: 2 }]], returns: 3 },
    { args: [[{ price: 1, quantity: -1 }]], throws: 'below' },
  ],
})

export const input = (over: Partial<SoftwareInput> = {}): never =>
  softwareInput.parse({ directory: 'work', module: shop, ...over }) as never

export interface Workshop {
  root: string
  /** Every file below the root, with what is in it, and every folder. */
  tree: () => Record<string, string>
  remove: () => void
}

/** With files of somebody else in it. */
export function workshop(): Workshop {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pitcrew-workshop-')))
  mkdirSync(join(root, 'work', 'published', 'other', '0.0.1'), { recursive: true })
  writeFileSync(join(root, 'work', 'published', 'other', '0.0.1', 'other.tgz'), 'bytes')
  writeFileSync(join(root, 'work', 'notes.md'), 'mine')
  const tree = () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
    return Object.fromEntries(
      paths.map((path) => [path, statSync(join(root, path)).isFile() ? readFileSync(join(root, path), 'latin1') : '/']),
    )
  }
  return { root, tree, remove: () => rmSync(root, { recursive: true, force: true }) }
}
