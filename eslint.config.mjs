import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

/** Who may depend on whom. Services never on services, nothing on ueba, contracts and errors on nothing. */
const dependencyRule = [
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:simulator', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:host', onlyDependOnLibsWithTags: ['type:lib', 'type:service', 'type:simulator'] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'name:errors', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'name:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'name:workflow', onlyDependOnLibsWithTags: ['name:errors'] },
]

const layer = (group, message) => ({ patterns: [{ group, message }] })

export default tseslint.config(
  { ignores: ['**/node_modules', '.pitcrew', '.nx', 'libs/contracts/src/gen'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: dependencyRule }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-globals': ['error', { name: '__dirname', message: 'use import.meta.dirname' }],
      'no-console': 'error',
    },
  },
  {
    files: ['apps/*/src/domain/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        layer(
          [
            '../handlers/**',
            '../adapters/**',
            '**/handlers/*',
            '**/adapters/*',
            '@pitcrew/messaging',
            '@pitcrew/rpc',
            '@pitcrew/service',
            '@pitcrew/database',
          ],
          'domain/ is pure: it imports errors, signals, the types of contracts and other domain code only',
        ),
      ],
    },
  },
  {
    files: ['apps/*/src/handlers/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        layer(['@pitcrew/database'], 'handlers go through a port that an adapter implements'),
      ],
    },
  },
  {
    // A test may set up the world around its service.
    files: ['apps/*/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: [
            ...dependencyRule.filter(({ sourceTag }) => sourceTag !== 'type:service'),
            { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib', 'type:simulator'] },
          ],
        },
      ],
    },
  },
  {
    // The integration tests of a library use it from outside, with a broker and a database that are built on it.
    files: ['libs/*/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          allowCircularSelfDependency: true,
          ignoredCircularDependencies: ['messaging', 'database', 'service', 'rpc', 'observability'].map((name) => [
            `@pitcrew/${name}`,
            '@pitcrew/testing',
          ]),
          depConstraints: dependencyRule,
        },
      ],
    },
  },
  { files: ['apps/cli/**/*.ts', 'tools/**/*.ts'], rules: { 'no-console': 'off' } },
)
