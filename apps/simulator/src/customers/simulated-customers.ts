/**
 * Customers who read their mail and answer it the way people do: they open the link, look at the page, and press its button.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@pitcrew/observability'
import { Retryable } from '@pitcrew/errors'
import type { MailSink, ReceivedMail } from '../mail/index.ts'
import { linkFor, linksIn } from './links-in-mail.ts'
import { delayOf, personaOf, reactionOf, type Reaction } from './persona.ts'

export interface SimulatedCustomersOptions {
  sink: Pick<MailSink, 'onMail'>
  logger: Logger
  /** How long a customer usually takes to react, milliseconds; default 300. */
  reactionMs?: number
  /** Where customers reach the platform when that is not the host of their links, as in a network of containers. */
  door?: string
  /** How often a page that does not answer is tried; default 5. */
  tries?: number
}

export interface SimulatedCustomers {
  /** Links pressed so far, in the order in which that was done. */
  pressed(): readonly { address: string; action: Reaction['action']; status: number }[]
  stop(): Promise<void>
}

const day = 24 * 60 * 60 * 1000

export function simulatedCustomers(options: SimulatedCustomersOptions): SimulatedCustomers {
  const { sink, logger, door, reactionMs = 300, tries = 5 } = options
  const pressed: { address: string; action: Reaction['action']; status: number }[] = []
  const asked = new Set<string>()
  const ended = new AbortController()
  const acting = new Set<Promise<void>>()

  async function read(mail: ReceivedMail, address: string): Promise<void> {
    const links = linksIn(mail.html)
    const thread = `${address} ${mail.references || mail.messageId}`
    const tomorrow = new Date(Date.parse(mail.receivedAt) + day).toISOString()
    const offered = links.map(({ action }) => action)
    const reaction = reactionOf(personaOf(address), offered, { askedBefore: asked.has(thread), tomorrow })
    const url = reaction && linkFor(links, reaction.action)
    if (reaction === undefined || url === undefined) return
    if (reaction.action === 'other-time') asked.add(thread)
    await delay(delayOf(address, reactionMs), undefined, { signal: ended.signal })
    const status = await pressLink(throughDoor(url, door), reaction, { tries, signal: ended.signal })
    pressed.push({ address, action: reaction.action, status })
    if (status >= 400) logger.warn('a link did not work for a simulated customer', { action: reaction.action, status })
  }

  const off = sink.onMail((mail) => {
    for (const address of mail.to) {
      const act = read(mail, address)
        .catch((error: unknown) => {
          if (!ended.signal.aborted)
            logger.warn('a simulated customer could not answer', { persona: personaOf(address), error: String(error) })
        })
        .finally(() => acting.delete(act))
      acting.add(act)
    }
  })

  return {
    pressed: () => pressed,
    async stop() {
      off()
      ended.abort()
      await Promise.all(acting)
    },
  }
}

function throughDoor(link: string, door: string | undefined): string {
  if (door === undefined) return link
  const { pathname, search } = new URL(link)
  return new URL(`${pathname}${search}`, door).href
}

/** Opens the page and presses its button. A page that is not there yet is tried again, as people do. */
async function pressLink(
  url: string,
  { form }: Reaction,
  { tries, signal }: { tries: number; signal: AbortSignal },
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      const page = await fetch(url, { signal, headers: { accept: 'text/html' } })
      await page.text()
      if (page.status >= 500) throw new Retryable('PAGE_FAILED', `the page answered ${page.status}`)
      if (!page.ok) return page.status
      const answer = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams(form),
        signal,
        headers: { accept: 'text/html' },
      })
      await answer.text()
      if (answer.status >= 500) throw new Retryable('PAGE_FAILED', `the page answered ${answer.status}`)
      return answer.status
    } catch (error) {
      if (attempt === tries || signal.aborted) throw error
      await delay(200 * 2 ** attempt, undefined, { signal })
    }
  }
}
