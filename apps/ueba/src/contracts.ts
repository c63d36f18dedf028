import {
  analysis,
  capabilities,
  device,
  engagement,
  engine,
  events,
  history,
  manufacturing,
  quarantine,
  scheduling,
  services,
  telemetry,
  ueba,
  workflow,
  type ServiceName,
} from '@pitcrew/contracts'
import { manifestOf, type Manifest } from './domain/manifest.ts'

const served: [ServiceName, Record<string, { path: string }>][] = [
  ['telematics-ingest', telemetry.TelemetryServiceService],
  ['telematics-ingest', device.DeviceServiceService],
  ['telematics-ingest', history.HistoryServiceService],
  ['telematics-ingest', quarantine.QuarantineServiceService],
  ['data-analysis', analysis.AnalysisServiceService],
  ['orchestrator', workflow.CaseServiceService],
  ['orchestrator', engine.WorkflowServiceService],
  ['customer-engagement', engagement.EngagementServiceService],
  ['scheduling', scheduling.SchedulingServiceService],
  ['manufacturing-insights', manufacturing.ManufacturingServiceService],
  ['ueba', ueba.UebaServiceService],
]

/** What the contracts of this version let each service do. */
export function platformManifest(): Manifest {
  return manifestOf({
    services,
    capabilities: Object.values(capabilities),
    events: Object.values(events),
    methods: served.flatMap(([service, definition]) =>
      Object.values(definition).map(({ path }) => ({ service, path })),
    ),
    front: 'gateway',
  })
}
