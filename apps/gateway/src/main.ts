import { runStandalone } from '@pitcrew/service'
import { gatewayService } from './index.ts'

await runStandalone(gatewayService)
