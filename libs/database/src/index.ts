export interface Sql {
  query<R = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<R[]>
  /** Several statements, no parameters, no rows: what migrations are made of. */
  script(sql: string): Promise<void>
}
export interface Database extends Sql {
  readonly kind: 'postgres' | 'pglite'
  transaction<T>(fn: (tx: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}
export interface DatabaseOptions {
  url: string
  poolSize?: number
  statementTimeoutMs?: number
}
export interface Migration {
  name: string
  sql: string
}
export type Extension = 'btree_gist'
export interface SchemaMigrations {
  schema: string
  migrations: readonly Migration[]
  extensions?: readonly Extension[]
}
export declare function openDatabase(options: DatabaseOptions): Promise<Database>
export declare function migrate(database: Database, schema: SchemaMigrations): Promise<void>
