import type { Logs } from '../log.ts'

export interface ReadOptions {
  /** Of --mapping, relative to where the person is. */
  mapping: string | undefined
  callerDir: string
}

/** A kind of log that can be replayed. */
export interface Format {
  /** Which files of a folder are logs; undefined when the folder itself is one. */
  files: RegExp | undefined
  /** Whether frames carry decoded signals over which a fault can be laid. */
  injectable: boolean
  /** What becomes of a vehicle's log that is longer than ingest takes, see `fitting.ts`. */
  whenLong: 'refuse' | 'squeeze'
  /** Throws Terminal for a file that is not of this format at all; a row that is not is among `badRows`. */
  read(file: string, options: ReadOptions): Logs | Promise<Logs>
}
