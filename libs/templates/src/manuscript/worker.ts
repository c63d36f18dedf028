/** C1: the thread of one node; see analyse.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Reading } from './analyse.ts'
import { nodes } from './nodes.ts'

const { node, look } = workerData as Reading
parentPort?.postMessage(nodes[node](look))
