import { z } from 'zod'
import { plannerSettings } from './planning/index.ts'

export const config = z.object({
  WORKFLOW_PARTITIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(2)
    .describe('partitions of the workflow log; fixed once workflows have run'),
  WORKFLOW_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('copies of the workflow log in a NATS cluster'),
  WORKFLOW_SNAPSHOT_EVERY: z.coerce
    .number()
    .int()
    .min(1)
    .default(20_000)
    .describe('transitions between snapshots of a partition'),
  WORKFLOW_MAX_ACTIVE: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'workflows that an orchestrator works on at a time; more are pending, the most urgent goes next. Waiting for people does not count. 0 is no limit',
    ),
  WORKFLOW_KEEP_DAYS: z.coerce
    .number()
    .positive()
    .default(7)
    .describe('days after its end that a workflow is kept whole, before it goes to the archive'),
  WORKFLOW_ARCHIVE_DAYS: z.coerce
    .number()
    .positive()
    .default(365)
    .describe('days that a workflow is kept in the archive, before it is forgotten'),
  CASE_TIME_SCALE: z.coerce
    .number()
    .positive()
    .default(1)
    .describe('how much faster cases wait than real time; 3600 makes an hour a second'),
  MANUSCRIPTS_FOLDER: z.string().min(1).optional().describe('folder whose files manuscript reviews may name'),
  WORKSHOPS_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe('folder in whose subfolders software tasks may work; without it there are none'),
  ...plannerSettings,
})

export type Config = z.infer<typeof config>
