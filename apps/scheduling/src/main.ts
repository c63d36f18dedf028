import { runStandalone } from '@pitcrew/service'
import { schedulingService } from './index.ts'

await runStandalone(schedulingService)
