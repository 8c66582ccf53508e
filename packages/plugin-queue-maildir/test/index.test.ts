import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SpoolDirectory } from '@qpsmtpd/core'
import { dialogue, type Scene, setStage, transcripts } from '@qpsmtpd/core/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import maildirPlugin from '../src/index.ts'
import {
  anybody,
  filesBelow,
  hello,
  mailsIn,
  queued,
  temporaryDirectory,
  transaction,
} from './directories.ts'

const byLine = { plays: ['by line'] } as const
const sceneIn = (path: string, more = ''): Scene => ({
  plugins: [anybody, [maildirPlugin, `${path} ${more}`]],
})

describe('one Maildir for all', () => {
  test('a message is one file in new, under a name of its own; tmp and cur are empty', async () => {
    const path = temporaryDirectory()
    await dialogue(sceneIn(path), hello + transaction(['ann@example.com'], queued()))
    const files = filesBelow(path)
    // Three plays, in a world whose clock stands still.
    expect(new Set(files).size).toBe(3)
    const name = String.raw`new/1767268800\.M0P${process.pid}R[0-9a-f]{16}\.[^/:]+`
    for (const file of files) expect(file).toMatch(new RegExp(`^${name}$`))
    expect(readdirSync(path).toSorted()).toEqual(['cur', 'new', 'tmp'])
  })

  test('it begins with Return-Path, one Delivered-To for each recipient, and Received', async () => {
    const path = temporaryDirectory()
    const recipients = ['ann@example.com', 'Carl@Example.NET', '"d d"@example.com']
    const lines = ['Subject: hello', '', '..dots', 'hello there']
    const play = hello + transaction(recipients, queued(), { lines })
    await dialogue(sceneIn(path), play, byLine)
    expect(mailsIn(join(path, 'new'))).toEqual([
      'Return-Path: <bob@example.org>\n' +
        'Delivered-To: ann@example.com\n' +
        'Delivered-To: Carl@Example.NET\n' +
        'Delivered-To: "d d"@example.com\n' +
        'Received: from client.example.org (HELO client.example.org) (192.0.2.99)\n' +
        '    by mx.example.com (qpsmtpd/1.2.3) with SMTP id t-1.1;\n' +
        '    Thu, 01 Jan 2026 12:00:00 +0000\n' +
        'Subject: hello\n\n.dots\nhello there\n',
    ])
  })

  test('the null sender is <>', async () => {
    const path = temporaryDirectory()
    await dialogue(
      sceneIn(path),
      hello + transaction(['ann@example.com'], queued(), { sender: '' }),
    )
    for (const mail of mailsIn(join(path, 'new'))) expect(mail).toMatch(/^Return-Path: <>\nDeliv/)
  })

  test('a recipient that is named twice is written down once', async () => {
    const path = temporaryDirectory()
    const twice = ['ann@example.com', 'ann@EXAMPLE.com', 'Ann@example.com']
    await dialogue(sceneIn(path), hello + transaction(twice, queued()), byLine)
    const [mail] = mailsIn(join(path, 'new'))
    expect(mail?.match(/^Delivered-To:.*$/gm)).toEqual([
      'Delivered-To: ann@EXAMPLE.com',
      'Delivered-To: Ann@example.com',
    ])
  })

  test('octets beyond ASCII, and those that are no UTF-8, come through as they are', async () => {
    const path = temporaryDirectory()
    const stage = await setStage(sceneIn(path))
    stage.wire.send(
      Buffer.from(
        'HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\nS: \xfc\r\n\r\n\0\xff\xfe\r\n.\r\nQUIT\r\n',
        'latin1',
      ),
    )
    await stage.over
    expect(mailsIn(join(path, 'new'))[0]).toMatch(/S: \xfc\n\n\0\xff\xfe\n$/)
  })

  test('a message that lies in a file of the spool comes through whole', async () => {
    const path = temporaryDirectory()
    const spool = await SpoolDirectory.use(join(temporaryDirectory(), 'spool'), 1_000)
    const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 60)}`)
    const stage = await setStage({ ...sceneIn(path), spool })
    const content = ['Subject: large', '', ...lines].join('\r\n')
    stage.wire.send(
      Buffer.from(
        `HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n${content}\r\n.\r\nQUIT\r\n`,
      ),
    )
    await stage.over
    const [mail] = mailsIn(join(path, 'new'))
    expect(mail?.length).toBeGreaterThan(1_000_000)
    expect(mail?.endsWith(`Subject: large\n\n${lines.join('\n')}\n`)).toBe(true)
  })

  test('a Maildir that is there already, and what is in it, is left as it is', async () => {
    const path = temporaryDirectory()
    for (const name of ['tmp', 'new', 'cur']) mkdirSync(join(path, name), { mode: 0o750 })
    writeFileSync(join(path, 'new', 'old'), 'old')
    await dialogue(sceneIn(path), hello + transaction(['ann@example.com'], queued()), byLine)
    expect(readFileSync(join(path, 'new', 'old'), 'utf8')).toBe('old')
    expect(filesBelow(path)).toHaveLength(2)
    expect(statSync(join(path, 'tmp')).mode & 0o777).toBe(0o750)
  })

  test('where it is stands in the log, absolute', async () => {
    const path = temporaryDirectory()
    const { records } = await setStage(sceneIn(path))
    expect(records.map(({ text }) => text)).toContain(`mail goes to ${path}/new`)
  })
})

const underUmask = (umask: number): void => {
  const before = process.umask(umask)
  onTestFinished(() => void process.umask(before))
}
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('modes', () => {
  test.each([
    ['700 where there is none on the line', '', 0o022, '700', '600'],
    ['770', '%l 770', 0o027, '770', '660'],
    ['755', '%l 755', 0o077, '755', '644'],
    ['750', '%l 750', 0, '750', '640'],
  ])('%s, whatever the umask', async (_title, more, umask, directories, files) => {
    const path = join(temporaryDirectory(), 'a', 'b')
    underUmask(umask)
    await dialogue(sceneIn(path, more), hello + transaction(['ann@example.com'], queued()), byLine)
    const maildir = more === '' ? path : join(path, 'ann')
    for (const name of ['tmp', 'new', 'cur', '.', '..'])
      expect([name, modeOf(join(maildir, name))]).toEqual([name, directories])
    const [file] = readdirSync(join(maildir, 'new'))
    expect(modeOf(join(maildir, 'new', file!))).toBe(files)
  })
})

describe('what stops the start', () => {
  const path = '/nowhere'
  test.each([
    ['no path', '', 'the path of the Maildir is missing: queue/maildir PATH [TEMPLATE [MODE]]'],
    ['a template that names no recipient', `${path} all`, '"all" has none of %l, %d and %u in it'],
    ['a template that leads out', `${path} ../%l`, '"../%l" has an empty part, "." or ".." in it'],
    ['a template that leads out later', `${path} %d/../%l`, 'has an empty part, "." or ".." in it'],
    ['a template that is absolute', `${path} /%l`, 'has an empty part, "." or ".." in it'],
    ['a template with a dot', `${path} ./%l`, 'has an empty part, "." or ".." in it'],
    ['a template with a slash behind it', `${path} %l/`, 'has an empty part, "." or ".." in it'],
    ['a mode that is not octal', `${path} %l 798`, 'three octal digits, the first a 7, not "798"'],
    ['a mode of four digits', `${path} %l 0700`, 'three octal digits, the first a 7, not "0700"'],
    ['a mode that locks us out', `${path} %l 077`, 'three octal digits, the first a 7, not "077"'],
    ['a word too many', `${path} %l 700 more`, '"more" is not an option'],
  ])('%s', async (_title, words, message) => {
    const start = setStage({ plugins: [[maildirPlugin, words]] })
    await expect(start).rejects.toThrow(`plugins:1: queue-maildir: `)
    await expect(start).rejects.toThrow(message)
  })

  test('a path where no directory can be', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    await expect(setStage(sceneIn(file))).rejects.toThrow(`ENOTDIR: not a directory`)
  })
})

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README has an example', () => expect(transcripts(readme)).toHaveLength(1))

for (const transcript of transcripts(readme))
  test('the README tells the truth', async () => {
    const path = temporaryDirectory()
    await dialogue(sceneIn(path, '%d/%l'), transcript)
    expect(readdirSync(join(path, 'example.com', 'ann', 'new'))).toHaveLength(3)
    for (const mail of mailsIn(join(path, 'example.com', 'ann', 'new')))
      expect(mail).toMatch(/^Return-Path: <bob@example.org>\nDelivered-To: ann@example.com\n/)
  })
