import type { Plan, Window } from './closed-loop.ts'
import type { Cell } from './workload.ts'

export type ContenderName = 'pitcrew' | 'pitcrew-agents' | PeerName
export type PeerName = 'restate' | 'dbos'

export const peerNames: readonly PeerName[] = ['restate', 'dbos']

/** Where contenders keep what they need: fetched things stay, the data of a run goes. */
export interface Place {
  cacheDir: string
  /** Empty, on a disk, and removed when the run is over. */
  runDir: string
}

/** An engine that can be measured. */
export interface Contender {
  name: ContenderName
  /** For people: `Restate 1.7.12`. */
  label: string
  /** How its durability and its processes are set up, for the protocol. */
  setup: string
  start(): Promise<RunningContender>
}

export interface RunningContender {
  measure(cell: Cell, plan: Plan): Promise<Sample>
  /** Of the engine and its workers: roots of what is watched. */
  pids: readonly number[]
  stop(): Promise<void>
}

/** One window of one cell. */
export interface Sample extends Window {
  /** Of the engine and its workers, during the window. */
  cpuSeconds: number
  /** The same, at its end. */
  memoryBytes: number
  /** Of the machine's CPU, during the window: what was used by anything else, engines that should be idle included. */
  othersShare: number
}
