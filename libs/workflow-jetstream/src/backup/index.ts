export { backupName, listBackups, pruneBackups, type KnownBackup } from './backups.ts'
export { checkFiles, type DamagedFile } from './check-files.ts'
export { folderTarget } from './folder-target.ts'
export {
  manifestPath,
  readManifest,
  type BackupManifest,
  type SavedSchema,
  type SavedStream,
  type SavedTable,
} from './manifest.ts'
export { objectStoreTarget, type ObjectStore } from './object-store-target.ts'
export { refuseUnlessEmpty, restoreBackup, type RestoreOptions } from './restore-backup.ts'
export type { SqlSource } from './sql-source.ts'
export { takeBackup, type TakeOptions } from './take-backup.ts'
export { once, readAll, type BackupTarget, type WrittenFile } from './target.ts'
export { sound, verifyWorkflows, type Damage, type PartitionReport } from './verify-workflows.ts'
