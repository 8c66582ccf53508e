import { describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { Program, testTime } from './program.ts'

const drained = '421 4.3.2 Service is shutting down; please try again'

describe.concurrent('a mail', testTime, () => {
  test('goes from the socket into the Maildir, and one id is in its reply, its Received and the log', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    const reply = await client.mail({
      from: 'ann@example.org',
      to: ['bob@example.com', 'Carol@Example.COM'],
      content: 'Subject: hello\r\n\r\n.\r\n..\r\nGrüße\r\n',
    })
    const id = /^250 2\.0\.0 Queued \((\S+)\)$/.exec(reply)?.[1] ?? ''
    expect(id).toMatch(/^[a-z0-9]+-[a-z0-9]+-1\.1$/)
    const [mail = '', ...others] = program.box.mails
    expect(others).toEqual([])
    const [returnPath, first, second, received, by, date, ...rest] = mail.split('\n')
    expect([returnPath, first, second]).toEqual([
      'Return-Path: <ann@example.org>',
      'Delivered-To: bob@example.com',
      'Delivered-To: Carol@Example.COM',
    ])
    expect(received).toBe('Received: from [127.0.0.1] (HELO client.example.org) (127.0.0.1)')
    expect(by).toMatch(/^ {4}by mx\.example\.com \(qpsmtpd\/\S+\) with ESMTP id /)
    expect(by?.endsWith(` id ${id};`)).toBe(true)
    expect(date).toMatch(/^ {4}\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/)
    expect(rest.join('\n')).toBe('Subject: hello\n\n.\n..\nGrüße\n')
    const line = await program.line(/queued by queue-maildir/)
    expect(line).toContain(` ${id} `)
  })

  test('has the session’s id in every line of the log, from connect to disconnect', async () => {
    await using program = await Program.listening()
    using one = await LineClient.greeted(program.port)
    using two = await LineClient.greeted(program.port)
    await one.mail()
    await two.say('QUIT')
    await one.say('QUIT')
    await one.closed()
    const ended = await stopped(program, 'SIGTERM')
    const said = ended.stderr.split('\n').filter((line) => / \S+-[12](?:\.\d+)? /.test(line))
    const ids = said.map((line) => /^\d+ \S+-([12])(?:\.\d+)? /.exec(line)?.[1])
    expect(ids.filter((id) => id === '1').length).toBeGreaterThanOrEqual(3)
    expect(ids.filter((id) => id === '2')).toHaveLength(2)
  })

  test('that its client breaks off with a reset leaves nothing behind, and the server alive', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    await client.begin()
    client.send('Subject: half a mail')
    client.reset()
    await program.line(/disconnect/)
    expect([program.box.mails, program.box.parked]).toEqual([[], []])
    using other = await LineClient.greeted(program.port)
    expect(await other.mail()).toMatch(/^250 /)
  })

  test('for a host that is not ours is not taken', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    await client.say('EHLO client.example.org')
    await client.say('MAIL FROM:<ann@example.org>')
    expect(await client.say('RCPT TO:<bob@example.net>')).toMatch(/^550 5\.7\.1 /)
    expect(await client.say('RCPT TO:<bob@mx.example.com>')).toMatch(/^250 /)
  })
})

/** Tells the program to stop; how it ended. */
async function stopped(program: Program, signal: 'SIGTERM' | 'SIGINT') {
  program.kill(signal)
  return program.end()
}

describe.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s', testTime, (signal) => {
  test('tells clients that wait to come again, wherever they are, and ends with 0', async () => {
    await using program = await Program.listening()
    using silent = await LineClient.greeted(program.port)
    using greeted = await LineClient.greeted(program.port)
    await greeted.say('EHLO client.example.org')
    using inMail = await LineClient.greeted(program.port)
    await inMail.say('EHLO client.example.org')
    await inMail.say('MAIL FROM:<ann@example.org>')
    await inMail.say('RCPT TO:<bob@example.com>')
    const ending = stopped(program, signal)
    for (const client of [silent, greeted, inMail]) {
      expect(await client.reply()).toBe(drained)
      await client.closed()
    }
    expect(await ending).toMatchObject({ code: 0, signal: null })
    await program.line(new RegExp(`${signal}: stopping`))
    await program.line(/ stopped$/)
  })

  test('lets a mail that is on its way come to its end, and takes no new connection', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    expect(await client.begin()).toMatch(/^354 /)
    client.send('Subject: late')
    program.kill(signal)
    await program.line(/stopping/)
    await expect(LineClient.greeted(program.port)).rejects.toThrow('ECONNREFUSED')
    client.send('')
    client.send('But whole.')
    expect(await client.say('.')).toMatch(/^250 2\.0\.0 Queued/)
    expect(program.box.mails).toEqual([expect.stringMatching(/Subject: late\n\nBut whole\.\n$/)])
    expect(await client.reply()).toBe(drained)
    await client.closed()
    expect(await program.end()).toMatchObject({ code: 0 })
  })

  test('for the second time ends the program at once, with 1', async () => {
    await using program = await Program.listening()
    using client = await LineClient.greeted(program.port)
    await client.begin()
    program.kill(signal)
    await program.line(/stopping/)
    expect(await stopped(program, signal)).toMatchObject({ code: 1 })
    expect(program.box.mails).toEqual([])
  })
})

test(
  'a plugin that has left a timer running does not keep alive what was told to stop',
  async () => {
    await using program = await Program.listening({
      files: {
        plugins: './mine.js\n',
        'mine.js': `export default { name: 'mine', options() {}, setup() { setInterval(() => 0, 1e6); return {} } }`,
      },
    })
    expect(await stopped(program, 'SIGTERM')).toMatchObject({ code: 0, signal: null })
  },
  testTime.timeout,
)
