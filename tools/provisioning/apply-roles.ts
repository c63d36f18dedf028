/** Brings roles and schemas of a database up to date: DATABASE_URL is a superuser's, the argument a file of SQL. */
import { readFileSync } from 'node:fs'
import { openDatabase } from '@pitcrew/database'
import { Terminal, toFailure } from '@pitcrew/errors'

async function main(): Promise<void> {
  const [file] = process.argv.slice(2)
  const { DATABASE_URL: url } = process.env
  if (file === undefined || !url) {
    throw new Terminal('BAD_USAGE', 'expected the path of roles.sql, and DATABASE_URL in the environment')
  }
  const database = await openDatabase({ url })
  try {
    await database.transaction((tx) => tx.script(readFileSync(file, 'utf8')))
  } finally {
    await database.close()
  }
  process.stdout.write('roles and schemas are up to date\n')
}

try {
  await main()
} catch (error) {
  const { code, message, hint } = toFailure(error)
  process.stderr.write(`${code}: ${message}\n${hint === undefined ? '' : `  -> ${hint}\n`}`)
  process.exitCode = 1
}
