import { z } from 'zod'

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
  CASE_TIME_SCALE: z.coerce
    .number()
    .positive()
    .default(1)
    .describe('how much faster cases wait than real time; 3600 makes an hour a second'),
})

export type Config = z.infer<typeof config>
