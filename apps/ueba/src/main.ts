import { runStandalone } from '@pitcrew/service'
import { uebaService } from './index.ts'

await runStandalone(uebaService)
