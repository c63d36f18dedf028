/**
 * Signed webhooks: `pitcrew-signature: t=<seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. The time is signed too, and one
 * older than five minutes is refused, so a recorded request cannot be played again later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

export const signatureHeader = 'pitcrew-signature'
const toleranceSeconds = 300

export function signBody(secret: string, body: string, now: number): string {
  const time = Math.floor(now / 1000)
  return `t=${time},v1=${digest(secret, time, body).toString('hex')}`
}

export function isSigned(secret: string, body: string, header: string, now: number): boolean {
  const [, time, mac] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? []
  if (time === undefined || mac === undefined) return false
  if (Math.abs(now / 1000 - Number(time)) > toleranceSeconds) return false
  return timingSafeEqual(Buffer.from(mac, 'hex'), digest(secret, Number(time), body))
}

function digest(secret: string, time: number, body: string): Buffer {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest()
}
