import type { Command } from 'commander'
import type { Target } from '../../api/locate.ts'
import { about } from './options.ts'

type Options = Target & { json?: boolean }

export const catalogueCommands = (): Command[] => [
  about(
    'definitions',
    'what can be run; with a name, one of them',
    'definitions',
    'definitions vehicle-case --version 1',
  )
    .argument('[name]', 'of a definition', '')
    .option('--version <n>', 'of its versions; default the newest')
    .action(async (name: string, options: Options & { version?: string }) => {
      const { showDefinitions } = await import('../../operate/workflows/catalogue.ts')
      await showDefinitions(name, options)
    }),
  about('templates', 'what can be started; with a name, the schema of its input', 'templates', 'templates planned-goal')
    .argument('[name]', 'of a template', '')
    .action(async (name: string, options: Options) => {
      const { showTemplates } = await import('../../operate/workflows/catalogue.ts')
      await showTemplates(name, options)
    }),
]
