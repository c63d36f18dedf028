import type { LinkAction } from './persona.ts'

export interface MailLink {
  action: LinkAction
  url: string
}

/** The links of a mail in the order in which they stand there, told apart by the `data-action` of their anchors. */
export function linksIn(html: string): MailLink[] {
  const links: MailLink[] = []
  for (const [anchor] of html.matchAll(/<a\s[^>]*>/g)) {
    const action = /data-action="([a-z-]+)"/.exec(anchor)?.[1]
    const url = /href="([^"]+)"/.exec(anchor)?.[1]
    if (action !== undefined && url !== undefined) links.push({ action: action as LinkAction, url: unescapeHtml(url) })
  }
  return links
}

/** The link that stands for the action alone: alternatives for another time come before the open question. */
export function linkFor(links: readonly MailLink[], action: LinkAction): string | undefined {
  return links.findLast((link) => link.action === action)?.url
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&')
}
