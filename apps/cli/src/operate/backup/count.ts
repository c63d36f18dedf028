import { Terminal } from '@pitcrew/errors'

export function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new Terminal('BAD_USAGE', `${option} is "${text}": expected a whole number from 1`, {
    hint: './pitcrew backup --help',
  })
}
