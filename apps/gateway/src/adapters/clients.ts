import {
  alerting,
  analysis,
  diagnosis,
  device,
  engagement,
  engine,
  history,
  maintenance,
  manufacturing,
  model,
  quarantine,
  scheduling,
  telemetry,
  ueba,
  workflow,
} from '@pitcrew/contracts'
import type { ServiceContext } from '@pitcrew/service'

/** The services behind the gateway. */
export function serviceClients(context: Pick<ServiceContext<unknown>, 'client'>) {
  return {
    telemetry: context.client(telemetry.TelemetryServiceClient, 'telematics-ingest'),
    history: context.client(history.HistoryServiceClient, 'telematics-ingest'),
    devices: context.client(device.DeviceServiceClient, 'telematics-ingest'),
    quarantine: context.client(quarantine.QuarantineServiceClient, 'telematics-ingest'),
    analysis: context.client(analysis.AnalysisServiceClient, 'data-analysis'),
    alerting: context.client(alerting.AlertingServiceClient, 'data-analysis'),
    diagnosis: context.client(diagnosis.DiagnosisServiceClient, 'data-analysis'),
    maintenance: context.client(maintenance.MaintenanceServiceClient, 'data-analysis'),
    models: context.client(model.ModelServiceClient, 'data-analysis'),
    cases: context.client(workflow.CaseServiceClient, 'orchestrator'),
    workflows: context.client(engine.WorkflowServiceClient, 'orchestrator'),
    engagement: context.client(engagement.EngagementServiceClient, 'customer-engagement'),
    scheduling: context.client(scheduling.SchedulingServiceClient, 'scheduling'),
    manufacturing: context.client(manufacturing.ManufacturingServiceClient, 'manufacturing-insights'),
    ueba: context.client(ueba.UebaServiceClient, 'ueba'),
  }
}

export type Clients = ReturnType<typeof serviceClients>
