import type { ReceivedMail } from './received-mail.ts'

export function listPage(mails: readonly ReceivedMail[]): string {
  const rows = mails
    .toReversed()
    .map(
      ({ id, receivedAt, to, subject }) =>
        `<tr><td>${escapeHtml(receivedAt.slice(0, 19).replace('T', ' '))}</td><td>${escapeHtml(to.join(', '))}</td>` +
        `<td><a href="/mails/${id}">${escapeHtml(subject || '(no subject)')}</a></td></tr>`,
    )
  const table = `<table><thead><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  return page('Mail', mails.length === 0 ? '<h1>Mail</h1><p>Nothing has arrived yet.</p>' : `<h1>Mail</h1>${table}`)
}

export function mailPage(mail: ReceivedMail): string {
  const fields = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Received', mail.receivedAt],
    ['Message-ID', mail.messageId],
  ].map(([name = '', value = '']) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
  const attachments = mail.attachments.map(
    ({ filename, mimeType, content }) =>
      `<h2>${escapeHtml(filename || mimeType)}</h2><pre>${escapeHtml(content)}</pre>`,
  )
  const body = [
    '<p><a href="/">All mails</a></p>',
    `<h1>${escapeHtml(mail.subject)}</h1><table>${fields.join('')}</table>`,
    mail.html === ''
      ? ''
      : `<iframe sandbox="allow-popups" title="HTML part" srcdoc="${escapeHtml(withTargets(mail.html))}"></iframe>`,
    `<h2>Text part</h2><pre>${escapeHtml(mail.text)}</pre>`,
    ...attachments,
  ]
  return page(mail.subject, body.join('\n'))
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Links open beside the mail: inside the frame the pages behind them would not be allowed to do anything. */
function withTargets(html: string): string {
  return html.replace('<head>', '<head><base target="_blank">')
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>
body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse}td,th{text-align:left;padding:.25em 1em .25em 0;border-bottom:1px solid #d8dee4}
iframe{width:100%;height:32em;border:1px solid #d8dee4;margin:1em 0}pre{white-space:pre-wrap;background:#f6f8fa;padding:1em}
</style></head><body>${body}</body></html>
`
}
