import { runStandalone } from '@pitcrew/service'
import { manufacturingInsightsService } from './index.ts'

await runStandalone(manufacturingInsightsService)
