/**
 * Gives every workspace package the nx target "test": its jest tests, told to .pitcrew/test/<package>.json. What the target
 * reads, writes and depends on stands in nx.json.
 */
import { dirname } from 'node:path'

const test = {
  executor: 'nx:run-commands',
  options: { command: 'node tools/test/jest-project.ts {projectRoot} {projectName}', cwd: '{workspaceRoot}' },
}

export const name = 'jest-projects'

export const createNodesV2 = [
  '{apps/*,libs/*,test}/package.json',
  (files) => files.map((file) => [file, { projects: { [dirname(file)]: { targets: { test } } } }]),
]
