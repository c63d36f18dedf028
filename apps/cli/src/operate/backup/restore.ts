import { duration } from '../../print/duration.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { openCluster, openTablesOf } from './cluster.ts'
import { wholeNumber } from './count.ts'
import { readManifest, refuseUnlessEmpty, restoreBackup, sound, verifyWorkflows } from './engine.ts'
import { logReport } from './log-report.ts'
import { backupAt } from './place.ts'
import { importSql, refuseUnlessEmpty as refuseUnlessNoTables } from './sql-import.ts'

export interface RestoreOptions {
  data: string
  json?: boolean
  sql: boolean
  replicas?: string
}

/** True when what was restored is sound. Both places are looked at before either is touched. */
export async function restore(path: string, options: RestoreOptions): Promise<boolean> {
  const replicas = options.replicas === undefined ? undefined : wholeNumber('--replicas', options.replicas)
  const began = performance.now()
  const target = await backupAt(path)
  const manifest = await readManifest(target)
  const withTables = options.sql && manifest.sql !== null
  const onProgress = (words: string): void => void (options.json || line(tick('ok', words)))
  const cluster = await openCluster(options, true)
  try {
    const { connection } = cluster.messaging
    await refuseUnlessEmpty(connection, manifest)
    const database = withTables ? await openTablesOf(options) : undefined
    try {
      if (!options.json) line(`restoring ${target.place} onto ${cluster.words}`)
      if (database) await refuseUnlessNoTables(database, manifest)
      const restored = {
        connection,
        target,
        manifest,
        withTables,
        onProgress,
        ...(replicas !== undefined && { replicas }),
      }
      await restoreBackup(restored)
      if (database) await importSql({ database, target, manifest, onProgress })
    } finally {
      await database?.close()
    }
    const reports = manifest.partitions === 0 ? [] : await verifyWorkflows(connection)
    if (options.json) json({ restored: target.place, sound: sound(reports), partitions: reports })
    else {
      line(`\n${logReport(reports)}\n\nrestored in ${duration(performance.now() - began)}: what happened after`)
      line(`${manifest.startedAt} is not in it. Now start the platform.`)
    }
    return sound(reports)
  } finally {
    await cluster.close()
  }
}
