/**
 * What services know of their database. The same SQL and the same JavaScript values whichever engine is behind it:
 * timestamptz is an ISO string in UTC with milliseconds, date 'YYYY-MM-DD', int8 and numeric are numbers, json and jsonb
 * are parsed, bytea is a Uint8Array, ranges, intervals and everything else are PostgreSQL's own text.
 *
 * Parameters are $1, $2, ...; a JavaScript array is an SQL array, an object is JSON, and a JSON list has to be given as
 * `JSON.stringify(list)`, because only the server knows which of the two an array was meant for.
 */
export interface Sql {
  /** One statement; the rows it gives. */
  query<R = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<R[]>
  /** Several statements without parameters or rows: what migrations are made of. */
  script(sql: string): Promise<void>
}

export interface TransactionOptions {
  /** Default read committed, where constraints and `for update` do the guarding. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
}

export interface Database extends Sql {
  readonly kind: 'postgres' | 'pglite'
  /**
   * Commits when `fn` resolves, rolls back when it throws. `fn` runs again, up to three times, when the server found that
   * it cannot be serialised with others (40001, 40P01): it must have no effect outside `tx`.
   */
  transaction<T>(fn: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name`, `pglite:<directory>`, `pglite:memory` or `pglite:memory:<name>`. */
  url: string
  /** Connections at most, PostgreSQL only; default 10. */
  poolSize?: number
  /** A statement that takes longer is cancelled, PostgreSQL only; default 30 s. */
  statementTimeoutMs?: number
}

/** Extensions that both engines have. */
export type Extension = 'btree_gist'

export interface Migration {
  /** Unique in its schema and never changed once released. */
  name: string
  sql: string
}

export interface SchemaMigrations {
  schema: string
  /** In the order in which they are to be applied; new ones go to the end. */
  migrations: readonly Migration[]
  extensions?: readonly Extension[]
}
