import { json, line } from '../output.ts'
import { openCluster } from './cluster.ts'
import { sound, verifyWorkflows } from './engine.ts'
import { frameProgress } from './frame-progress.ts'
import { logReport } from './log-report.ts'

/** True when all of the log is sound. */
export async function verifyLive(options: { data: string; json?: boolean }): Promise<boolean> {
  const cluster = await openCluster(options)
  const progress = frameProgress()
  try {
    const reports = await verifyWorkflows(cluster.messaging.connection, { onProgress: progress.show })
    progress.done()
    if (options.json) json({ sound: sound(reports), partitions: reports })
    else line(`the workflow log of ${cluster.words}\n\n${logReport(reports)}`)
    return sound(reports)
  } finally {
    progress.done()
    await cluster.close()
  }
}
