/** The page behind a link in a message: it says what the button does, and only the button does it (mail scanners follow links). */
import type { engagement } from '@pitcrew/contracts'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] as string)

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;color:#1c2430}
button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.4rem;background:#0b5cad;color:#fff}
label{display:block;margin:.8rem 0}input,select,textarea{font:inherit;margin-left:.4rem}`

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${escape(title)}</title><style>${style}</style><main><h1>${escape(title)}</h1>${body}</main></html>`

export function linkPage(link: engagement.GetLinkResponse): string {
  if (link.alreadyUsed) return page(link.title, `<p>${escape(link.text)}</p>`)
  const form = `<form method="post">${fields[link.action] ?? ''}<button>${escape(link.button)}</button></form>`
  return page(link.title, `<p>${escape(link.text)}</p>${form}`)
}

export const donePage = ({ title, text }: engagement.FollowLinkResponse): string =>
  page(title, `<p>${escape(text)}</p>`)

export const errorPage = (title: string, text: string): string => page(title, `<p>${escape(text)}</p>`)

const fields: Record<string, string> = {
  'other-time': `<label>Not before <input type="date" name="notBefore"></label>
<label>Time of day <select name="dayParts"><option value="">any</option><option value="morning">morning</option><option value="afternoon">afternoon</option></select></label>`,
  feedback: `<label>How was it? <select name="rating"><option>5</option><option>4</option><option>3</option><option>2</option><option>1</option></select></label>
<label>Is the problem solved? <select name="problemSolved"><option value="true">yes</option><option value="false">no</option></select></label>
<label>Anything else <textarea name="comment" maxlength="2000"></textarea></label>`,
}
