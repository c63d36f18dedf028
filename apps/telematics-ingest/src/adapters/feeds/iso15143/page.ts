/** A page of the API as it comes: entries in a list, and links by which the pages hang together. Names are in lower case. */
import { Retryable } from '@pitcrew/errors'
import { foldNames, isObject, listOf, type JsonObject } from '../provider-json.ts'

export interface Page {
  entries: unknown[]
  /** The number of the next page; undefined on the last one. */
  next: number | undefined
}

/** `names`: what the list of entries may be called, in lower case. */
export function readPage(json: unknown, number: number, names: readonly string[]): Page {
  const page = unwrapped(foldNames(json), names)
  const name = isObject(page) ? names.find((each) => each in page) : undefined
  if (!isObject(page) || (name === undefined && !('links' in page)))
    throw new Retryable('BAD_FEED', `a page has neither ${names[0]} nor links: expected ISO 15143-3 as JSON`)
  return { entries: name === undefined ? [] : listOf(page[name]), next: nextPage(page, number) }
}

/** Some providers keep the root element of the XML form, as the only member of an object. */
function unwrapped(page: unknown, names: readonly string[]): unknown {
  if (!isObject(page)) return page
  const [[name, inner] = ['', undefined], ...others] = Object.entries(page)
  return others.length === 0 && !names.includes(name) && isObject(inner) ? inner : page
}

/**
 * Only the number is taken from a link, never the address. Some providers link to the page itself, or to page 0, when there is
 * no next one.
 */
function nextPage({ links }: JsonObject, number: number): number | undefined {
  for (const link of listOf(links)) {
    if (!isObject(link) || typeof link.rel !== 'string' || link.rel.toLowerCase() !== 'next') continue
    const digits = typeof link.href === 'string' ? /\/(\d{1,6})\/?(?:\?.*)?$/.exec(link.href)?.[1] : undefined
    const next = Number(digits)
    if (next > number) return next
  }
  return undefined
}
