/** Every service as a value, in the order of the pipeline. */
import type { Service } from '@pitcrew/service'

export async function allServices(): Promise<Service[]> {
  return [
    (await import('@pitcrew/telematics-ingest')).telematicsIngestService,
    (await import('@pitcrew/data-analysis')).dataAnalysisService,
    (await import('@pitcrew/orchestrator')).orchestratorService,
    (await import('@pitcrew/customer-engagement')).customerEngagementService,
    (await import('@pitcrew/scheduling')).schedulingService,
    (await import('@pitcrew/manufacturing-insights')).manufacturingInsightsService,
    (await import('@pitcrew/ueba')).uebaService,
    (await import('@pitcrew/gateway')).gatewayService,
  ]
}
