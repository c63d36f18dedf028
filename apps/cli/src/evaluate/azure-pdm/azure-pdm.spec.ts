import { statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { evaluateAzurePdm } from './index.ts'

const dataDir = join(process.env.PITCREW_DATASETS ?? '', 'azure-pdm')
const isThere = process.env.PITCREW_DATASETS !== undefined && statSync(dataDir, { throwIfNoEntry: false }) !== undefined
const measure = (dir: string) => evaluateAzurePdm({ dataDir: dir, onProgress: () => undefined })

describe('N3 evaluate azure-pdm', () => {
  test('N3 a fleet whose code tells of its failures is foretold, and the weak models are named', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'azure-pdm-'))
    try {
      await layFleet(dir)
      const { report, full } = await measure(dir)
      expect(report.metrics).toMatchObject({
        recall: 1,
        precision: 1,
        laterRecall: 1,
        laterPrecision: 1,
        recallLimit: 1,
      })
      expect(report.metrics).toMatchObject({ failures: 60, alarms: 60, leadHoursLeast: 10, leadHoursMedian: 10 })
      expect(report.protocol.named).toMatchObject([
        { model: 'model1', component: 'comp3' },
        { model: 'model2', component: 'comp3' },
      ])
      expect(report.met).toBe(true)
      expect(full.map(({ rows }) => rows.length)).not.toContain(0)
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  const title = 'N3 precision and recall per failure event reach the target on machines not trained on'
  if (isThere) {
    test(title, async () => {
      const { report } = await measure(dataDir)
      expect(report.metrics.precision).toBeGreaterThanOrEqual(0.95)
      expect(report.metrics.recall).toBeGreaterThanOrEqual(0.95)
      expect(report.metrics.recall).toBeLessThanOrEqual(report.metrics.recallLimit!)
      expect(report.met).toBe(true)
    })
  } else process.stderr.write(`${title}: not measured, PITCREW_DATASETS does not name a folder with azure-pdm\n`)
})

/** Ten machines of each of four models: "warn" comes ten hours before comp3 fails, on model1 and model2 only; "noise" means nothing. */
async function layFleet(dir: string): Promise<void> {
  const text = (hour: number): string => new Date(Date.UTC(2025, 0, 1) + hour * 3_600_000).toISOString().slice(0, 19)
  const tables = {
    machines: ['machineID,model,age'],
    errors: ['datetime,machineID,errorID'],
    maint: ['datetime,machineID,comp'],
    failures: ['datetime,machineID,failure'],
  }
  for (let machine = 0; machine < 40; machine += 1) {
    const model = (machine % 4) + 1
    tables.machines.push(`${machine},model${model},${machine % 7}`)
    for (let round = 0; round < 30; round += 1)
      tables.errors.push(`${text(round * 280 + ((machine * 37) % 200))},${machine},noise`)
    for (const hour of model <= 2 ? [500, 2_800, 6_100 - machine * 50] : []) {
      const at = hour + machine * 61
      tables.errors.push(`${text(at)},${machine},warn`)
      tables.failures.push(`${text(at + 10)},${machine},comp3`)
      tables.maint.push(`${text(at + 10)},${machine},comp3`)
    }
  }
  for (const [name, rows] of Object.entries(tables))
    await writeFile(join(dir, `PdM_${name}.csv`), `${rows.join('\n')}\n`)
}
