import { Terminal } from '@pitcrew/errors'

/** @throws Terminal BAD_REQUEST when any of the fields is empty */
export function required(fields: Record<string, string>): void {
  const missing = Object.keys(fields).filter((field) => fields[field] === '')
  if (missing.length === 0) return
  throw new Terminal('BAD_REQUEST', `${missing.join(' and ')} is empty; expected an id`, {
    hint: 'fill it in and send again',
  })
}
