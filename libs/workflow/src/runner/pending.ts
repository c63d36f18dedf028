export { pendingCommands } from '../core/pending.ts'
