import { Terminal } from '@pitcrew/errors'
import type { Database, DatabaseOptions } from './port.ts'

/** The engine is imported when it is asked for: a container with PostgreSQL never loads the WebAssembly one. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const scheme = options.url.slice(0, options.url.indexOf(':'))
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return (await import('./postgres.ts')).openPostgres(options)
    case 'pglite':
      return (await import('./pglite.ts')).openPglite(options)
    default:
      throw new Terminal(
        'BAD_DATABASE_URL',
        `the database url begins with '${scheme}', expected postgres: or pglite:`,
        {
          hint: 'for example postgres://user:password@host:5432/name or pglite:.pitcrew/database',
        },
      )
  }
}
