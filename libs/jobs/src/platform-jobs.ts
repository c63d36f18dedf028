/**
 * Which service queues jobs and does which kinds: from this and the pipeline each identity on the broker has its permissions.
 * 1. A service that is not named here can neither add, do, read nor cancel a job.
 * 2. One that is takes from the queues of its own kinds only.
 */
import type { ServiceName } from '@pitcrew/contracts'
import { permissionsFor, type PermissionOptions, type Permissions } from '@pitcrew/messaging'
import { jobPermissions } from './provision.ts'

export interface JobUse {
  adds: boolean
  /** Names of kinds, see defineJob. */
  performs: readonly string[]
}

export const platformJobs: Partial<Record<ServiceName, JobUse>> = {
  orchestrator: { adds: true, performs: ['archive-workflows'] },
}

/** All that a service's identity may do, with its jobs. What users of a broker are made from. */
export function servicePermissions(service: ServiceName, options?: PermissionOptions): Permissions {
  const { publish, subscribe, allowResponses } = permissionsFor(service, options)
  const jobs = jobPermissions(platformJobs[service] ?? {})
  return {
    publish: [...new Set([...publish, ...jobs.publish])],
    subscribe: [...new Set([...subscribe, ...jobs.subscribe])],
    allowResponses,
  }
}
