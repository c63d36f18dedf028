import { startSimulator } from './index.ts'

const simulator = await startSimulator()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.stop())
