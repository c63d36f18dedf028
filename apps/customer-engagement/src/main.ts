import { runStandalone } from '@pitcrew/service'
import { customerEngagementService } from './index.ts'

await runStandalone(customerEngagementService)
