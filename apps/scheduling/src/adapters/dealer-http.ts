/**
 * The workshop's system over HTTP. Every write carries an Idempotency-Key made of the booking, so that a call whose answer
 * was lost can be made again; an appointment is addressed by our booking id.
 */
import { Retryable, Terminal } from '@pitcrew/errors'
import { z } from 'zod'
import type { Booking, Place } from '../domain/booking.ts'
import type { Dealer } from '../domain/ports.ts'
import { slotId } from '../domain/slot.ts'
import type { VisitReport } from '../domain/visit.ts'

export interface DealerOptions {
  url: string
  timeoutMs: number
}

interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  key?: string
  body?: unknown
}

const appointment = z.object({ reference: z.string().min(1) })
const refusal = z.object({ code: z.string(), message: z.string() })
const instant = z.string().transform((text, context) => {
  const at = Date.parse(text)
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: `"${text}" is not a time` })
  return at
})
const workOrder = z.object({
  workOrderId: z.string(),
  failureModeFound: z.string(),
  componentReplaced: z.string(),
  partsUsed: z.array(z.string()),
  labourHours: z.number().nonnegative(),
  odometerKm: z.number().nonnegative(),
  repaired: z.boolean(),
  notes: z.string(),
})
const report = z.object({
  cursor: z.string().min(1),
  bookingId: z.string().min(1),
  reference: z.string(),
  kind: z.enum(['started', 'completed']),
  at: instant,
  workOrder: workOrder.optional(),
})
const reports = z.object({ cursor: z.string().min(1), reports: z.array(report) })

export function httpDealer(options: DealerOptions): Dealer {
  return {
    async book(booking) {
      const { status, body } = await send(options, {
        method: 'POST',
        path: '/appointments',
        key: booking.bookingId,
        body: wish(booking),
      })
      if (status >= 300) throw refused('book', status, body)
      return understood(appointment, body).reference
    },
    async move(booking, to) {
      // The goal is part of it: a move that replaces one under way is another request.
      const key = `${booking.bookingId}:${booking.sequence}:${slotId({ centreId: to.centre.centreId, start: to.span.start })}`
      const path = `/appointments/${encodeURIComponent(booking.bookingId)}`
      const { status, body } = await send(options, { method: 'PUT', path, key, body: whereAndWhen(to) })
      if (status >= 300) throw refused('move', status, body)
    },
    async cancel({ bookingId }) {
      const path = `/appointments/${encodeURIComponent(bookingId)}`
      const { status, body } = await send(options, { method: 'DELETE', path, key: `${bookingId}:cancel` })
      if (status >= 300 && status !== 404) throw refused('cancel', status, body)
    },
    async visitReports(after) {
      const { status, body } = await send(options, {
        method: 'GET',
        path: `/work-orders?after=${encodeURIComponent(after)}`,
      })
      if (status === 410) return 'lost'
      if (status >= 300) throw refused('list work orders', status, body)
      const known = understood(reports, body)
      return { cursor: known.cursor, reports: known.reports.map(toReport) }
    },
  }
}

function wish(booking: Booking) {
  const { bookingId, vehicleId, job } = booking
  return { bookingId, vehicleId, ...whereAndWhen(booking.place), job }
}

function whereAndWhen({ centre, bay, technicianId, span }: Place) {
  return {
    centreId: centre.centreId,
    bay,
    technicianId,
    startsAt: new Date(span.start).toISOString(),
    endsAt: new Date(span.end).toISOString(),
  }
}

function toReport({ reference, workOrder, ...rest }: z.infer<typeof report>): VisitReport {
  return { ...rest, dealerReference: reference, workOrder }
}

/** The answer, if the dealer gave one that stands. @throws Retryable DEALER_UNAVAILABLE */
async function send(
  { url, timeoutMs }: DealerOptions,
  { method, path, key, body }: Call,
): Promise<{ status: number; body: unknown }> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (key !== undefined) headers['idempotency-key'] = key
  if (body !== undefined) headers['content-type'] = 'application/json'
  let response: Response
  let text: string
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    response = await fetch(new URL(path, url), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    })
    text = await response.text()
  } catch (cause) {
    throw unavailable(`${method} of the dealer's system failed or took longer than ${timeoutMs} ms`, cause)
  }
  // 408, 425 and 429 are about the moment, not about the request.
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) {
    throw unavailable(`the dealer's system answered ${response.status} to ${method}`)
  }
  return { status: response.status, body: parsed(text) }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unavailable("the dealer's system answered with something other than JSON", cause)
  }
}

function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw unavailable(`the dealer's answer was not understood: ${z.prettifyError(result.error)}`)
}

function unavailable(message: string, cause?: unknown): Retryable {
  return new Retryable('DEALER_UNAVAILABLE', message, { hint: "check DEALER_URL and the dealer's system", cause })
}

function refused(what: string, status: number, body: unknown): Terminal {
  const said = refusal.safeParse(body)
  const reason = said.success ? `${said.data.code}: ${said.data.message}` : `status ${status} without a reason`
  return new Terminal('DEALER_REFUSED', `the dealer refused to ${what}: ${reason}`, {
    hint: 'offer the customer another slot',
    details: { status },
  })
}
