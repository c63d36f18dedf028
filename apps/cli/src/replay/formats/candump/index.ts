import { Terminal } from '@pitcrew/errors'
import { candumpRows, readingsOfRaw, type CandumpFrame } from '@pitcrew/signals'
import type { DeviceFrame } from '../../../api/ingest.ts'
import { stemOf } from '../../log-files.ts'
import { logOf, textOf, type BadRow, type Log, type Logs } from '../../log.ts'
import type { Format } from '../format.ts'
import { groupFrames } from './group-frames.ts'

export const candump: Format = { files: /\.(log|candump|txt)$/i, injectable: false, whenLong: 'refuse', read }

type Timed = CandumpFrame & { timeMs: number }

/** Each interface of a log is a vehicle's bus of its own. Throws Terminal NOT_CANDUMP, FILE_NOT_FOUND. */
function read(file: string): Logs {
  const badRows: BadRow[] = []
  const channels = new Map<string, Timed[]>()
  for (const row of candumpRows(textOf(file))) {
    if (row.kind === 'blank') continue
    const bad = (line: number, code: string, message: string) => void badRows.push({ file, line, code, message })
    if (row.kind === 'rejected') bad(row.line, row.code, row.message)
    else {
      const { line, channel, timeMs } = row.frame
      const frames = channels.get(channel) ?? []
      if (timeMs === undefined)
        bad(line, 'NO_TIME', 'the line has no time: expected "(seconds) channel ...", as candump -l or -t a writes it')
      else if (timeMs < (frames.at(-1)?.timeMs ?? -Infinity))
        bad(
          line,
          'TIME_GOES_BACK',
          'the time is before that of the line above: expected lines in the order of their times',
        )
      else {
        frames.push({ ...row.frame, timeMs })
        channels.set(channel, frames)
      }
    }
  }
  const logs = [...channels].flatMap(([channel, frames]) => logOfChannel(file, channel, channels.size > 1, frames))
  if (logs.length === 0)
    throw new Terminal(
      'NOT_CANDUMP',
      `${file} holds no CAN frame that is read here: ${badRows[0]?.message ?? 'no known PGN or PID'}`,
      {
        hint: 'docs/guides/signals.md lists the parameter groups',
      },
    )
  return { logs, badRows }
}

/** Groups that tell nothing stay away: ingest would refuse each of them as empty. */
function logOfChannel(file: string, channel: string, several: boolean, timed: readonly Timed[]): Log[] {
  const frames: DeviceFrame[] = []
  for (const { timeMs, frames: can } of groupFrames(timed)) {
    const { readings, faults, refusals, hasDtcs } = readingsOfRaw({ obd: [], can })
    if (readings.length + faults.length + refusals.length > 0 || hasDtcs) frames.push({ timeMs, values: {}, can })
  }
  return frames.length === 0 ? [] : [logOf(file, several ? `${stemOf(file)}-${channel}` : stemOf(file), false, frames)]
}
