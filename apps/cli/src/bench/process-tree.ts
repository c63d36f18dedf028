/**
 * What processes and all they have started take, read from Linux's /proc (see proc(5)). A process that ends while it is
 * looked at counts for nothing; its parent has its CPU time then, unless it was an orphan.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'

/** USER_HZ: what /proc counts in is 100 a second on every architecture that Node runs on, whatever the kernel's own tick. */
const ticksPerSecond = 100

export interface Process {
  pid: number
  parent: number
  /** User and system time of its own and of the children that it has waited for. */
  cpuSeconds: number
}

export function requireProc(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'linux') return
  throw new Terminal(
    'BENCH_NEEDS_LINUX',
    `CPU and memory are read from /proc, and this is ${platform}; expected linux`,
    {
      hint: 'run it on Linux, in a container for instance',
    },
  )
}

/** CPU-seconds that the trees below these roots have used so far. */
export const cpuSecondsOf = (roots: readonly number[]): number =>
  tree(roots).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)

/** Bytes in memory. Pages that several processes share (PostgreSQL's buffers) are counted once in sum. */
export const memoryOf = (roots: readonly number[]): number =>
  tree(roots).reduce((sum, { pid }) => sum + proportionalBytes(pid), 0)

/** CPU-seconds that the whole machine has worked so far, on all cores. */
export const machineCpuSeconds = (): number => parseMachineStat(readFileSync('/proc/stat', 'utf8'))

/** The first line: user, nice, system, idle, iowait, irq, softirq, steal (another machine's work on our cores), and more. */
export function parseMachineStat(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond
}

/** The roots and all below them. */
export function tree(roots: readonly number[]): Process[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
  const inTree = new Set(roots)
  // A parent may have a greater number than its child once the numbers have wrapped around.
  for (let before = -1; before !== inTree.size;) {
    before = inTree.size
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid)
  }
  return all.filter(({ pid }) => inTree.has(pid))
}

function readProcess(pid: number): Process | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`)
  return stat === undefined ? undefined : { pid, ...parseStat(stat) }
}

/** The name is in brackets and may hold anything; behind it come the state, the parent and, from the 12th on, the times. */
export function parseStat(stat: string): Omit<Process, 'pid'> {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return { parent: Number(fields[1]), cpuSeconds: ticks / ticksPerSecond }
}

function proportionalBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`) ?? '')
  return Number(kilobytes?.[1] ?? 0) * 1024
}

/** Of one process alone, pages that it shares included. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/status`) ?? '')
  return Number(kilobytes?.[1] ?? 0) * 1024
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // it has ended, or is another user's
  }
}
