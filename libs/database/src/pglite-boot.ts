import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PGlite, types } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { Terminal } from '@pitcrew/errors'
import { keepTemplate, readTemplate, templateFile } from './pglite-template.ts'
import { scalarParsers } from './values.ts'

/** The timer that reports on long recoveries would go on after one that failed, and keep the process from ending. */
const settings = ['-c', 'timezone=UTC', '-c', 'log_startup_progress_interval=0']

const inMemory = 'memory://'

/** `memory://` or a directory, which is made, or recovered when its last process was killed. */
export async function boot(dataDir: string): Promise<PGlite> {
  if (dataDir !== inMemory) mkdirSync(dirname(dataDir), { recursive: true })
  const isNew = dataDir === inMemory || !existsSync(join(dataDir, 'PG_VERSION'))
  const file = isNew ? templateFile() : undefined
  const template = file === undefined ? undefined : readTemplate(file)
  const lite = await PGlite.create({
    dataDir,
    startParams: [...PGlite.defaultStartParams, ...settings],
    relaxedDurability: false,
    extensions: { btree_gist },
    parsers: { ...scalarParsers },
    serializers: { [types.JSON]: serializeJson, [types.JSONB]: serializeJson },
    ...(template !== undefined && { loadDataDir: template }),
  })
  if (file !== undefined && template === undefined) await keepTemplate(file, lite)
  return lite
}

/** As `pg` would have sent it, except that what `pg` would have got wrong without a word is refused. */
function serializeJson(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return JSON.stringify(value)
  throw new Terminal('BAD_PARAMETER', 'an array was given for a json parameter, expected JSON text or an object', {
    hint: 'give JSON.stringify(list)',
  })
}
