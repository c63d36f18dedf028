import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mailSink, type MailSink } from './index.ts'

let sink: MailSink

beforeEach(async () => {
  sink = await mailSink({ smtpPort: 0, webPort: 0, keep: 2 })
})

afterEach(() => sink.close())

const get = (path: string) => fetch(`http://127.0.0.1:${sink.webPort}${path}`)

/** A client of RFC 5321 that says one line after each reply; gives the replies. */
async function smtp(...lines: string[]): Promise<string[]> {
  const socket = connect(sink.smtpPort, '127.0.0.1').setEncoding('utf8')
  const replies: string[] = []
  for await (const reply of socket as AsyncIterable<string>) {
    replies.push(reply)
    socket.write(`${lines[replies.length - 1] ?? 'QUIT'}\r\n`)
  }
  return replies
}

const send = (to: string, subject: string, body = 'hello') =>
  smtp(
    ...['HELO test', 'MAIL FROM:<care@pitcrew.example>', `RCPT TO:<${to}>`, 'DATA'],
    [`Subject: ${subject}`, `To: ${to}`, 'Content-Type: text/html; charset=utf-8', '', body, '.'].join('\r\n'),
  )

describe('L12 mail sink', () => {
  test('L12 keeps the last mails, tells who listens, and shows them as JSON', async () => {
    const heard: string[] = []
    const off = sink.onMail(({ subject }) => heard.push(subject))
    for (const subject of ['one', 'two', 'three']) await send('a@customers.example', subject)
    off()
    await send('b@customers.example', 'four')
    expect(heard).toEqual(['one', 'two', 'three'])
    expect(sink.messages().map(({ subject }) => subject)).toEqual(['three', 'four'])

    const { messages } = (await (await get('/messages?to=b@customers.example')).json()) as { messages: unknown[] }
    expect(messages).toMatchObject([{ id: 4, subject: 'four', to: ['b@customers.example'] }])
  })

  test('L12 shows what mails hold without letting it act', async () => {
    await send('a@customers.example', '<script>alert(1)</script>', '<p onclick="x()">"quoted" & more</p>')
    const list = await get('/')
    expect(await list.text()).toContain('&#60;script&#62;alert(1)')
    expect(list.headers.get('content-security-policy')).toContain("default-src 'none'")
    const mail = await (await get('/mails/1')).text()
    expect(mail).not.toContain('<script>')
    expect(mail).toContain('sandbox="allow-popups"')
    expect(mail).toContain('srcdoc="&#60;p onclick=&#34;x()&#34;')
    expect((await get('/mails/99')).status).toBe(404)
  })

  test('L8 refuses mailboxes that bounce for good and busy ones for now', async () => {
    expect((await send('bounces.1@customers.example', 'x'))[3]).toMatch(/^550 /)
    expect((await send('busy.1@customers.example', 'x'))[3]).toMatch(/^451 /)
    expect(sink.messages()).toHaveLength(0)
  })
})
