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
