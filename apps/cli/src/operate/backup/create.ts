import { duration } from '../../print/duration.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { openCluster, openTables } from './cluster.ts'
import { wholeNumber } from './count.ts'
import { backupName, pruneBackups, takeBackup } from './engine.ts'
import { placeOf } from './place.ts'
import { size } from './sizes.ts'

export interface CreateOptions {
  data: string
  json?: boolean
  keep?: string
  sql: boolean
  withTelemetry?: boolean
}

/** Schemas whose tables follow from the workflow log. */
const projections = ['orchestrator']

export async function createBackup(path: string, options: CreateOptions): Promise<void> {
  const keep = options.keep === undefined ? undefined : wholeNumber('--keep', options.keep)
  const began = performance.now()
  const place = placeOf(path)
  const name = backupName(new Date())
  const say = (words: string): void => void (options.json || line(tick('ok', words)))
  const cluster = await openCluster(options)
  try {
    if (!options.json) line(`backing up ${cluster.words}`)
    const tables = options.sql ? await openTables(options, cluster) : undefined
    try {
      const target = place.below(name)
      const manifest = await takeBackup({
        connection: cluster.messaging.connection,
        target,
        ...(tables && { sql: tables.sql }),
        projections,
        without: options.withTelemetry ? [] : ['TELEMETRY'],
        inboxPrefix: '_INBOX_provisioner',
        onProgress: say,
      })
      const removed = keep === undefined ? [] : await pruneBackups(place, keep)
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
      if (options.json) return json({ backup: target.place, bytes, removed, left: manifest.left })
      for (const left of manifest.left) line(tick('warn', `left out ${left.name}`, { words: left.why }))
      for (const old of removed) line(tick('ok', `removed ${old}`))
      line(`\n${target.place}\n${size(bytes)} in ${duration(performance.now() - began)}; now try it:`)
      line(`  ./pitcrew backup verify ${target.place}`)
    } finally {
      await tables?.close()
    }
  } finally {
    await cluster.close()
  }
}
