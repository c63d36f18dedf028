import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Who a process is, beyond its number: numbers are used again, so a process is the same one only if its start time is
 * the same too.
 */
export interface ProcessIdentity {
  pid: number
  /** Opaque; equal for the same process, different for a later one with the same number. */
  startedAt: string
  command: string
}

/** The live process of that number; undefined if there is none or it is only waiting to be reaped. */
export function identify(pid: number): ProcessIdentity | undefined {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid)
}

/** Whether a process that was identified before still lives. */
export function isAlive(identity: Pick<ProcessIdentity, 'pid' | 'startedAt'>): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name is in brackets and may hold anything, so fields are counted after the last one: state is the
    // first there, start time (field 22 of the line) the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { pid, startedAt: fields[19] ?? '', command }
  } catch {
    return undefined
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    // lstart is always five words: Fri Nov 20 12:50:00 2026
    const match = /^(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line)
    if (!match || match[1]!.startsWith('Z')) return undefined
    return { pid, startedAt: match[2]!, command: match[3]! }
  } catch {
    return undefined
  }
}
