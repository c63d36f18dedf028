import { runCli } from './program.ts'

// Whoever read what we print has gone (`| head`): end in order, as on any other request to.
process.stdout.on('error', () => process.kill(process.pid, 'SIGTERM'))

process.exitCode = await runCli(process.argv.slice(2))
