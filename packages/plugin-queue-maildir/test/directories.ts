import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ok } from '@qpsmtpd/core'
import { FakeWire, plugin } from '@qpsmtpd/core/testing'
import { onTestFinished } from 'vitest'

/** A directory that is gone when the test is over. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'queue-maildir-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The paths of all files below a directory, relative to it, in order. */
export function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .toSorted()
}

/** What the files in a directory hold, by their names. */
export function mailsByName(directory: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'latin1')]),
  )
}

/** What the files in a directory hold. */
export const mailsIn = (directory: string): readonly string[] => [
  ...mailsByName(directory).values(),
]

/** Takes every recipient. */
export const anybody = plugin('anybody', { rcpt: () => ok })

/** Everything up to MAIL. */
export const hello = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`

/** One transaction, from MAIL to the reply behind the dot. */
export function transaction(
  recipients: readonly string[],
  reply: string,
  { sender = 'bob@example.org', lines = ['Subject: hello', '', 'hello'] } = {},
): string {
  return [
    '',
    `C: MAIL FROM:<${sender}>`,
    `S: 250 2.1.0 <${sender}>, sender OK - how exciting to get mail from you!`,
    ...recipients.flatMap((path) => [
      `C: RCPT TO:<${path}>`,
      `S: 250 2.1.5 <${path}>, recipient ok`,
    ]),
    'C: DATA',
    'S: 354 go ahead',
    ...lines.map((line) => `C: ${line}`),
    'C: .',
    `S: ${reply}`,
    '',
  ].join('\n')
}

export const queued = (message = 1): string => `250 2.0.0 Queued (t-1.${message})`

export const notStored = '451 4.3.0 Could not store the message; try again later'

/** A wire whose client is told of each reply when it is made. */
export class WatchedWire extends FakeWire {
  readonly #watch: (text: string) => void

  constructor(watch: (text: string) => void) {
    super({ address: '127.0.0.1' })
    this.#watch = watch
  }

  override write(text: string): boolean {
    this.#watch(text.trimEnd())
    return super.write(text)
  }
}
