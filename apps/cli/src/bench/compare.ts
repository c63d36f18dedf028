/**
 * Engines side by side: every round takes the cells in turn, and in each cell the engines in turn (ABAB), so that what
 * changes on the machine meanwhile meets all of them.
 *
 * 1. One engine works at a time: the next begins when the others have become quiet, or have had their time to.
 * 2. A peer that cannot be had or fails is named with the reason and left out; Pitcrew failing fails the comparison.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { toFailure } from '@pitcrew/errors'
import type { Plan } from './closed-loop.ts'
import type { Contender, ContenderName, RunningContender, Sample } from './contender.ts'
import { cpuSecondsOf } from './process-tree.ts'
import { stopAll } from './stop-all.ts'
import { cellName, type Cell } from './workload.ts'

export interface Comparison {
  contenders: Contender[]
  cells: readonly Cell[]
  rounds: number
  plan: Plan
  onProgress: (words: string) => void
}

/** What was measured of one engine in one cell, a sample a round. */
export interface CellSamples {
  contender: ContenderName
  cell: Cell
  samples: Sample[]
}

export interface Compared {
  samples: CellSamples[]
  /** Engines that were left out, with the reason. */
  failed: Partial<Record<ContenderName, string>>
}

type Started = Contender & { running: RunningContender }

const quietShare = 0.1
const quietMs = 100
const mostQuietTries = 30

export async function compare(options: Comparison): Promise<Compared> {
  const field = new Field(options.onProgress)
  try {
    for (const contender of options.contenders) await field.start(contender)
    await warmUp(field, options)
    return await rounds(field, options)
  } finally {
    await field.stop()
  }
}

async function warmUp(field: Field, { cells, plan }: Comparison): Promise<void> {
  const short = { ...plan, windowMs: plan.warmUpMs }
  for (const contender of field.running)
    for (const cell of warmUpCells(cells)) await field.turn(contender, (running) => running.measure(cell, short))
}

async function rounds(field: Field, { cells, rounds: count, plan, onProgress }: Comparison): Promise<Compared> {
  const all = new Map<string, CellSamples>()
  for (let round = 1; round <= count; round++) {
    for (const cell of cells) {
      for (const contender of field.running) {
        const sample = await field.turn(contender, (running) => running.measure(cell, plan))
        if (sample === undefined) continue
        onProgress(`round ${round} of ${count}, ${cellName(cell)}, ${contender.label}: ${words(sample)}`)
        note(all, contender.name, cell, sample)
      }
    }
  }
  return { samples: [...all.values()].filter(({ contender }) => !(contender in field.failed)), failed: field.failed }
}

/** Who takes part: all that were started and have not failed. */
class Field {
  readonly failed: Compared['failed'] = {}
  readonly #onProgress: (words: string) => void
  #started: Started[] = []

  constructor(onProgress: (words: string) => void) {
    this.#onProgress = onProgress
  }

  /** As of now: who falls out meanwhile is still in it. */
  get running(): readonly Started[] {
    return [...this.#started]
  }

  async start(contender: Contender): Promise<void> {
    this.#onProgress(`${contender.label} starts`)
    try {
      this.#started.push({ ...contender, running: await contender.start() })
    } catch (error) {
      this.#leaveOut(contender, error)
    }
  }

  /** Undefined when it has fallen out, now or before. */
  async turn<T>(contender: Started, work: (running: RunningContender) => Promise<T>): Promise<T | undefined> {
    if (!this.#started.includes(contender)) return undefined
    try {
      await quiet(this.#started.filter((other) => other !== contender))
      return await work(contender.running)
    } catch (error) {
      this.#leaveOut(contender, error)
      this.#started = this.#started.filter((other) => other !== contender)
      await contender.running.stop()
      return undefined
    }
  }

  stop(): Promise<void> {
    return stopAll(this.#started.map(({ running }) => running))
  }

  #leaveOut({ name, label }: Contender, error: unknown): void {
    if (isOurs(name)) throw error
    this.failed[name] = toFailure(error).message
    this.#onProgress(`${label} is left out: ${this.failed[name]}`)
  }
}

const isOurs = (name: ContenderName): boolean => name.startsWith('pitcrew')

/** One of each workload, so that its code is compiled before anything counts. */
const warmUpCells = (cells: readonly Cell[]): Cell[] =>
  [...new Set(cells.map(({ workload }) => workload))].map((workload) => ({ workload, concurrent: 32 }))

function note(samples: Map<string, CellSamples>, contender: ContenderName, cell: Cell, sample: Sample): void {
  const key = `${contender} ${cellName(cell)}`
  const held = samples.get(key) ?? { contender, cell, samples: [] }
  held.samples.push(sample)
  samples.set(key, held)
}

/** Returns when these use next to no CPU any more (compactions, checkpoints), or after a while all the same. */
async function quiet(others: readonly Started[]): Promise<void> {
  const roots = others.flatMap(({ running }) => running.pids)
  if (roots.length === 0) return
  for (let attempt = 0, before = cpuSecondsOf(roots); attempt < mostQuietTries; attempt++) {
    await pause(quietMs)
    const now = cpuSecondsOf(roots)
    if (now - before <= (quietShare * quietMs) / 1_000) return
    before = now
  }
}

/** More than this of the machine for anything else makes a figure doubtful. */
const notableShare = 0.1

function words({ completed, elapsedMs, p50Ms, othersShare }: Sample): string {
  const others = othersShare > notableShare ? ` (others use ${Math.round(othersShare * 100)} % of the machine)` : ''
  return `${Math.round((completed / elapsedMs) * 1_000)} workflows/s, p50 ${p50Ms.toFixed(1)} ms${others}`
}
