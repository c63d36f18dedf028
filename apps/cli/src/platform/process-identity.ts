import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When the live process of that number was started, in words that are the same for the same process and differ for a later
 * one that got its number; undefined when there is none.
 */
export function startOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? byProc(pid) : byPs(pid)
  } catch {
    return undefined // there is no such process
  }
}

function byProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // proc(5): the name is in brackets and may hold anything. After it come the state and, as the 20th, the start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function byPs(pid: number): string | undefined {
  const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
}
