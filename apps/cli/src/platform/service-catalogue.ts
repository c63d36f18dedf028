import type { ServiceName } from '@pitcrew/contracts'
import type { Service } from '@pitcrew/service'

/** Each loaded only when it is started: `./pitcrew run scheduling` needs none of the others. */
const catalogue: Record<ServiceName, () => Promise<Service>> = {
  'telematics-ingest': async () => (await import('@pitcrew/telematics-ingest')).telematicsIngestService,
  'data-analysis': async () => (await import('@pitcrew/data-analysis')).dataAnalysisService,
  orchestrator: async () => (await import('@pitcrew/orchestrator')).orchestratorService,
  'customer-engagement': async () => (await import('@pitcrew/customer-engagement')).customerEngagementService,
  scheduling: async () => (await import('@pitcrew/scheduling')).schedulingService,
  'manufacturing-insights': async () => (await import('@pitcrew/manufacturing-insights')).manufacturingInsightsService,
  ueba: async () => (await import('@pitcrew/ueba')).uebaService,
  gateway: async () => (await import('@pitcrew/gateway')).gatewayService,
}

export const loadService = (name: ServiceName): Promise<Service> => catalogue[name]()
