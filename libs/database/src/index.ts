export { migrate } from './migrate.ts'
export { openDatabase } from './open.ts'
export type {
  Database,
  DatabaseOptions,
  Extension,
  Migration,
  SchemaMigrations,
  Sql,
  TransactionOptions,
} from './port.ts'
