import { runStandalone } from '@pitcrew/service'
import { orchestratorService } from './index.ts'

await runStandalone(orchestratorService)
