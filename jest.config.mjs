import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const pglite = JSON.parse(readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'))
// Tests and what they start make a hundred databases: all are copies of the first.
process.env.PITCREW_PGLITE_TEMPLATE ??= join(root, `.pitcrew/test/pglite-${pglite.version}.tar`)

/** One configuration for every project: `rootDir` is the folder that jest is started in. */
export default {
  rootDir: process.env.JEST_ROOT ?? process.cwd(),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@pitcrew/)'],
  injectGlobals: false,
  restoreMocks: true,
  testTimeout: 30_000,
}
