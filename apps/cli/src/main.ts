import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { root } from './platform/checkout.ts'

// Reading and compiling our own source takes longer than most commands. What is started from here shares the cache; where
// nothing can be written Node goes on without it.
const cache = (process.env.NODE_COMPILE_CACHE ??= join(root, '.pitcrew/compile-cache'))
enableCompileCache(cache)
const { runCli } = await import('./program.ts')

// Whoever read what we print has gone (`| head`): end in order, as on any other request to.
process.stdout.on('error', () => process.kill(process.pid, 'SIGTERM'))

process.exitCode = await runCli(process.argv.slice(2))
