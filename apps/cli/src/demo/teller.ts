import { bold, dim } from '../print/colour.ts'

export type Fields = Record<string, unknown>

/** Tells what happens, each with the seconds since the start: a line for people, or with --json an object a line. */
export interface Teller {
  tell(event: string, words: string, fields?: Fields): void
}

export function createTeller({ json }: { json: boolean }, now: () => number = () => performance.now()): Teller {
  const began = now()
  return {
    tell(event, words, fields = {}) {
      const seconds = (now() - began) / 1000
      const text = json
        ? JSON.stringify({ event, t: Number(seconds.toFixed(3)), ...fields, words })
        : `${dim(`${seconds.toFixed(1).padStart(6)} s`)}  ${bold(event.replaceAll(/[.-]/g, ' ').padEnd(20))} ${words}`.trimEnd()
      process.stdout.write(`${text}\n`)
    },
  }
}
