import type { Button, Letter } from './letter.ts'

export function renderText(letter: Letter): string {
  const buttons = letter.buttons.map(({ label, url }) => `${label}:\n${url}`)
  const footer = `-- \n${letter.footer}\n${letter.optOut.label}: ${letter.optOut.url}`
  return `${[letter.greeting, ...letter.paragraphs, ...buttons, footer].join('\n\n')}\n`
}

/** One page of HTML without scripts, images or anything else that is fetched. `data-action` tells the links apart. */
export function renderHtml(letter: Letter): string {
  const paragraphs = [letter.greeting, ...letter.paragraphs].map((text) => `<p>${escapeHtml(text)}</p>`)
  const buttons = letter.buttons.map((button) => `<p>${anchor(button, buttonStyle(button))}</p>`)
  return [
    `<!doctype html><html lang="${letter.language}"><head><meta charset="utf-8"><title>${escapeHtml(letter.subject)}</title></head>`,
    '<body style="font:16px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:36em;margin:2em auto;padding:0 1em">',
    ...paragraphs,
    ...buttons,
    `<p style="font-size:13px;color:#5b6470">${escapeHtml(letter.footer)} ${anchor(letter.optOut, 'color:#5b6470')}</p>`,
    '</body></html>\n',
  ].join('\n')
}

/** For channels without formatting, such as SMS: what it is about, the offer, one link to accept and the digits. */
export function renderShort(letter: Letter): string {
  const [first] = letter.buttons
  return [letter.subject, letter.paragraphs.at(-1), first?.url, letter.digits].filter(Boolean).join('\n')
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function anchor({ action, label, url }: Button, style: string): string {
  return `<a data-action="${action}" href="${escapeHtml(url)}" style="${style}">${escapeHtml(label)}</a>`
}

function buttonStyle({ action }: Button): string {
  const colours =
    action === 'accept' || action === 'feedback' ? 'background:#0b6bcb;color:#fff' : 'background:#e8ecf0;color:#1b1f24'
  return `display:inline-block;padding:.6em 1.1em;border-radius:.4em;text-decoration:none;${colours}`
}
