import type { engagement, scheduling, workflow } from '@pitcrew/contracts'
import { openGateway, type Target } from '../api/locate.ts'
import { bold, dim } from '../print/colour.ts'
import { duration } from '../print/duration.ts'
import { plain, words } from '../print/names.ts'
import { table } from '../print/table.ts'
import { findCase } from './find-case.ts'
import { json, line } from './output.ts'
import { passesText } from './passes.ts'
import { whyText } from './why.ts'

export async function showCase(start: string, options: Target & { json?: boolean }): Promise<void> {
  const gateway = openGateway(options)
  const id = await findCase(gateway, start)
  const [found, messages, bookings] = await Promise.all([gateway.case(id), gateway.messages(id), gateway.bookings(id)])
  if (options.json) return json({ ...found, messages, bookings })
  line(headText(found.case))
  section('Why', whyText(found.values ?? {}))
  section('Diagnosis', passesText(found.values ?? {}))
  section('Messages', messagesText(messages))
  section('Bookings', bookingsText(bookings))
  section('History', historyText(found.history))
}

function section(title: string, text: string): void {
  if (text !== '') line(`\n${bold(title)}\n${text}`)
}

function headText({
  caseId,
  vehicleId,
  system,
  urgency,
  phase,
  status,
  outcome,
  detail,
  openedAt,
  endedAt,
  traceId,
}: workflow.Case): string {
  const lines = [
    `${bold(caseId)}  ${vehicleId}, ${words(system)}, ${plain(urgency)}`,
    `${plain(phase)} (${words(status)})${outcome ? `: ${outcome}` : ''}${detail ? `: ${detail}` : ''}`,
    dim(`opened ${openedAt ?? ''}${endedAt ? `, ended ${endedAt}` : ''}${traceId ? `, trace ${traceId}` : ''}`),
  ]
  return lines.join('\n')
}

function messagesText(messages: readonly engagement.MessageRecord[]): string {
  if (messages.length === 0) return ''
  return table(
    ['at', 'what', 'by', 'status', ''],
    messages.map(({ at, kind, channel, status, reason }) => [
      at ?? '',
      words(kind),
      words(channel),
      words(status),
      reason,
    ]),
  )
}

function bookingsText(bookings: readonly scheduling.Booking[]): string {
  if (bookings.length === 0) return ''
  return table(
    ['status', 'where', 'starts', 'bay', 'dealer’s number'],
    bookings.map(({ status, slot, bay, dealerReference }) => [
      words(status),
      slot?.centreName ?? '',
      slot?.startsAt ?? '',
      bay,
      dealerReference,
    ]),
  )
}

function historyText(history: readonly workflow.Transition[]): string {
  const began = Date.parse(history[0]?.at ?? '')
  return table(
    ['after', 'what', 'step', 'phase', 'by', ''],
    history.map(({ at, event, node, phase, agent, detail }) => [
      at ? duration(Date.parse(at) - began) : '',
      event,
      node,
      plain(phase),
      agent,
      detail,
    ]),
  )
}
