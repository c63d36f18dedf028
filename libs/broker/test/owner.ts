import { startBroker } from '../src/index.ts'

/** A process that owns a broker: prints its pid, then waits to be ended. Arguments: executable, store. */
const [executable = '', storeDir = ''] = process.argv.slice(2)
const broker = await startBroker({ executable, storeDir, syncAlways: true })
process.stdout.write(`${broker.pid}\n`)
