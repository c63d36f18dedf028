import { runStandalone } from '@pitcrew/service'
import { telematicsIngestService } from './index.ts'

await runStandalone(telematicsIngestService)
