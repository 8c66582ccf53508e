import { resolve } from 'node:path'
import {
  declined,
  deny,
  denySoft,
  type Message,
  messageOctets,
  messageOf,
  ok,
  type Plugin,
  type Sender,
  type Transaction,
  withLf,
} from '@qpsmtpd/core'
import { type Files, systemFiles } from './files.ts'
import { Maildir, type Parked } from './maildir.ts'
import { Template } from './template.ts'

/** What stands on the line: `queue/maildir PATH [TEMPLATE [MODE]]`. */
export interface Options {
  /** Absolute. */
  readonly path: string
  readonly template: Template | undefined
  /** Of directories. */
  readonly mode: number
}

/** Maildirs of recipients that are remembered, so that they need not be looked for again. */
const mostMaildirs = 1_000

const tryLater = denySoft('Could not store the message; try again later', {
  code: 451,
  status: '4.3.0',
})

/** Makes the plugin for a file system; its package's default export has the machine's. */
export function queueMaildir(files: Files): Plugin<Options> {
  return {
    name: 'queue-maildir',
    options(words) {
      const path = words.next()
      if (path === undefined)
        throw words.error('the path of the Maildir is missing: queue/maildir PATH')
      const template = words.next()
      const mode = words.next() ?? '700'
      if (!/^[0-7]{3}$/.test(mode))
        throw words.error(`the mode must be three octal digits, not "${mode}"`)
      try {
        return {
          path: resolve(path),
          template: template === undefined ? undefined : new Template(template),
          mode: Number.parseInt(mode, 8),
        }
      } catch (error) {
        throw words.error(messageOf(error))
      }
    },
    async setup({ path, template, mode }, { config, log }) {
      const me = config.use('me', ([name = 'localhost']) => name)
      const maildirs = new Map<string, Maildir>()
      const maildirAt = (directory: string): Maildir => {
        const known = maildirs.get(directory)
        if (known !== undefined) return known
        if (maildirs.size >= mostMaildirs) maildirs.clear()
        const made = new Maildir(directory, { files, mode })
        maildirs.set(directory, made)
        return made
      }
      const directoryOf = (recipient: Transaction['recipients'][number]): string => {
        const below = template?.directoryOf(recipient.address, me.current)
        if (below === undefined) throw new Error(`no directory for <${recipient.address.text}>`)
        return resolve(path, below)
      }
      if (template === undefined) await maildirAt(path).make()
      log.notice(
        `mail goes to ${template === undefined ? `${path}/new` : `a Maildir for each recipient below ${path}`}`,
      )
      return {
        // What has no directory must be refused while its sender can still be told which recipient it is.
        rcpt: (_context, address) =>
          template === undefined || template.directoryOf(address, me.current) !== undefined
            ? declined
            : deny('no such mailbox name', { code: 553, status: '5.1.3' }),
        async queue({ transaction, log: sessionLog }, message) {
          const copies = copiesOf(
            transaction,
            template === undefined ? () => path : directoryOf,
            template === undefined,
          )
          const parked: Parked[] = []
          try {
            for (const { directory, recipients } of copies) {
              const octets = withTrace(message, transaction.sender, recipients)
              parked.push(await maildirAt(directory).park(octets))
            }
            // Whatever is likely to fail has not failed: now all are delivered, or none.
            for (const one of parked) await one.deliver()
            return ok
          } catch (error) {
            await Promise.all(parked.map((one) => one.undo()))
            sessionLog.error(`not stored: ${messageOf(error)}`)
            return tryLater
          }
        },
      }
    },
  }
}

interface Copy {
  readonly directory: string
  readonly recipients: readonly string[]
}

/** One copy for all, or one for each; a recipient who was named twice gets one. */
function copiesOf(
  { recipients }: Transaction,
  directoryOf: (recipient: Transaction['recipients'][number]) => string,
  together: boolean,
): readonly Copy[] {
  const once = [
    ...new Map(recipients.map((recipient) => [recipient.address.text, recipient])).values(),
  ]
  const copies = once.map((recipient) => ({
    directory: directoryOf(recipient),
    recipients: [recipient.address.text],
  }))
  const [first] = copies
  if (!together || first === undefined) return copies
  return [{ directory: first.directory, recipients: copies.flatMap((copy) => copy.recipients) }]
}

/** Return-Path first (RFC 5321 §4.4), one Delivered-To for each recipient, then the message; LF ends lines in a file. */
async function* withTrace(
  message: Message,
  sender: Sender,
  recipients: readonly string[],
): AsyncGenerator<Uint8Array> {
  const delivered = recipients.map((recipient) => `Delivered-To: ${recipient}\n`).join('')
  yield Buffer.from(`Return-Path: <${sender?.text ?? ''}>\n${delivered}`)
  yield* withLf(messageOctets(message))
}

/** Delivers into a Maildir: durably, or not at all. */
const plugin: Plugin<Options> = queueMaildir(systemFiles)

export default plugin
