import { services, type ServiceName } from '@pitcrew/contracts'
import { customerEngagementService } from '@pitcrew/customer-engagement'
import { dataAnalysisService } from '@pitcrew/data-analysis'
import { gatewayService } from '@pitcrew/gateway'
import { manufacturingInsightsService } from '@pitcrew/manufacturing-insights'
import { orchestratorService } from '@pitcrew/orchestrator'
import { schedulingService } from '@pitcrew/scheduling'
import { describeEnv } from '@pitcrew/service'
import { telematicsIngestService } from '@pitcrew/telematics-ingest'
import { uebaService } from '@pitcrew/ueba'

const all = [
  customerEngagementService,
  dataAnalysisService,
  gatewayService,
  manufacturingInsightsService,
  orchestratorService,
  schedulingService,
  telematicsIngestService,
  uebaService,
]

/** The variables that each service reads. */
export const envKeys = Object.fromEntries(
  services.map((name) => {
    const service = all.find((one) => one.name === name)!
    return [name, new Set(describeEnv(service).map(({ key }) => key))]
  }),
) as Record<ServiceName, Set<string>>

export const everyEnvKey = new Set(services.flatMap((name) => [...envKeys[name]]))
