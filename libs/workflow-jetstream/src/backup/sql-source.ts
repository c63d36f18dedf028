/** The tables of the services, as a backup needs them. The command line implements it over the database port. */
import type { SavedSchema } from './manifest.ts'
import type { BackupTarget } from './target.ts'

export interface SqlSource {
  kind: string
  /** Schemas that services made. */
  schemas(): Promise<string[]>
  /** Writes the schema's tables as of one moment. */
  save(schema: string, target: Pick<BackupTarget, 'write'>): Promise<SavedSchema>
}
