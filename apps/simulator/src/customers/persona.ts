/** How simulated customers behave. Pure: an address and a mail decide everything, so a run can be repeated. */
import { seededRandom } from '../vehicles/random.ts'

export type Persona = 'accepts' | 'declines' | 'other-time' | 'silent' | 'slow'

export const personas: readonly Persona[] = ['accepts', 'declines', 'other-time', 'silent', 'slow']

/** By the first part of the local part: `declines.17@...` declines. Everybody else accepts. */
export function personaOf(address: string): Persona {
  const [first] = address.split(/[.@]/)
  return personas.find((persona) => persona === first) ?? 'accepts'
}

export type LinkAction = 'accept' | 'other-time' | 'decline' | 'opt-out' | 'feedback'

/** Which link the persona presses and what it fills in; undefined when it presses none. */
export interface Reaction {
  action: LinkAction
  form: Record<string, string>
}

/** `offered` is what the mail has links for; `askedBefore` whether the persona already asked for another time in this thread. */
export function reactionOf(
  persona: Persona,
  offered: readonly LinkAction[],
  { askedBefore, tomorrow }: { askedBefore: boolean; tomorrow: string },
): Reaction | undefined {
  if (persona === 'silent') return undefined
  if (offered.includes('feedback')) {
    return { action: 'feedback', form: { rating: '5', problemSolved: 'true', comment: 'It drives like new.' } }
  }
  if (!offered.includes('accept')) return undefined
  if (persona === 'declines') return { action: 'decline', form: {} }
  if (persona === 'other-time' && !askedBefore) {
    return { action: 'other-time', form: { notBefore: tomorrow, dayParts: 'morning' } }
  }
  return { action: 'accept', form: {} }
}

/** Milliseconds between the mail and the reaction: three quarters to five quarters of the usual, by the address. */
export function delayOf(address: string, usualMs: number): number {
  const patience = personaOf(address) === 'slow' ? 10 : 1
  return Math.round(usualMs * patience * (0.75 + 0.5 * seededRandom(address)()))
}
