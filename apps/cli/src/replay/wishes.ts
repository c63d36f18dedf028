/** What was asked for on the command line, checked before anything is started. */
import { Terminal } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import { inject } from '@pitcrew/simulator'
import { waysToFit, type WayToFit } from './fitting.ts'

export interface Injection {
  fault: string
  /** A fresh one for each vehicle. */
  overlay: () => (frame: SignalFrame) => SignalFrame
}

/** `coolant-leak` or `coolant-leak:onset=120,lossPerHour=2`. Throws Terminal UNKNOWN_FAULT, UNKNOWN_FAULT_PARAMETER. */
export function readInjection(text: string | undefined): Injection | undefined {
  if (text === undefined) return undefined
  const colon = text.indexOf(':')
  const fault = colon < 0 ? text : text.slice(0, colon)
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(',')
  const parameters = Object.fromEntries(
    pairs.map((pair) => {
      const [key = '', value = ''] = pair.split('=')
      return [key, value.trim() === '' ? NaN : Number(value)]
    }),
  )
  const overlay = () => inject(fault, parameters)
  overlay()
  return { fault, overlay }
}

/** Throws Terminal BAD_USAGE. */
export function readWayToFit(text: string): WayToFit {
  const way = waysToFit.find((one) => one === text)
  if (way) return way
  throw new Terminal('BAD_USAGE', `--long is "${text}": expected ${waysToFit.join(', ')}`, {
    hint: './pitcrew replay --help',
  })
}

/** Infinity for `max`. */
export function readSpeed(text: string): number {
  if (text === 'max') return Infinity
  const speed = Number(text)
  if (speed > 0 && Number.isFinite(speed)) return speed
  throw new Terminal('BAD_USAGE', `--speed is "${text}": expected a number above 0, or max`, { hint: '1 is real time' })
}

export function readSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds >= 0 && Number.isFinite(seconds)) return seconds
  throw new Terminal('BAD_USAGE', `--wait is "${text}": expected seconds, 0 or more`, {
    hint: './pitcrew replay --help',
  })
}
