import { ok } from '../hooks/verdict.ts'
import { messageOctets } from '../message/message.ts'
import type { Plugin } from '../plugin/plugin.ts'

/** A message that a test has received. */
export interface ReceivedMail {
  readonly sender: string | null
  readonly recipients: readonly string[]
  /** One character an octet, CRLF at its line ends. */
  readonly content: string
}

/** A queue plugin that keeps what it gets. */
export interface Mailbox {
  readonly plugin: Plugin
  readonly mails: ReceivedMail[]
}

/** Makes a queue plugin for tests. */
export function mailbox(): Mailbox {
  const mails: ReceivedMail[] = []
  const plugin: Plugin = {
    name: 'mailbox',
    carries: ['8BITMIME', 'SMTPUTF8'],
    options: (words) => words.end(),
    setup: () => ({
      async queue({ transaction }, message) {
        const octets: Uint8Array[] = []
        for await (const chunk of messageOctets(message)) octets.push(chunk)
        mails.push({
          sender: transaction.sender?.text ?? null,
          recipients: transaction.recipients.map(({ address }) => address.text),
          content: Buffer.concat(octets).toString('latin1'),
        })
        return ok
      },
    }),
  }
  return { plugin, mails }
}
