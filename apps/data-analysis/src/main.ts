import { runStandalone } from '@pitcrew/service'
import { dataAnalysisService } from './index.ts'

await runStandalone(dataAnalysisService)
