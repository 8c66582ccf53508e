import {
  declined,
  deny,
  denySoft,
  type Message,
  messageOf,
  ok,
  type Plugin,
  type TransactionContext,
} from '@qpsmtpd/core'
import { copiesOf, withTrace } from './copies.ts'
import { type Files, systemFiles } from './files.ts'
import { Maildir, type Parked } from './maildir.ts'
import { type Options, readOptions } from './options.ts'

/** Maildirs of recipients that are remembered, so that they need not be looked for again. */
const mostMaildirs = 1_000

const tryLater = denySoft('Could not store the message; try again later', {
  code: 451,
  status: '4.3.0',
})

const noMailbox = deny('no such mailbox name', { code: 553, status: '5.1.3' })

/** Makes the plugin for a file system; its package's default export has the machine's. */
export function queueMaildir(files: Files): Plugin<Options> {
  return {
    name: 'queue-maildir',
    carries: ['8BITMIME', 'SMTPUTF8'],
    options: readOptions,
    async setup(options, { config, log, now }) {
      const { path, template, mode } = options
      const me = config.use('me', ([name = 'localhost']) => name.toLowerCase())
      const maildirs = new Map<string, Maildir>()

      function maildirAt(directory: string): Maildir {
        const known = maildirs.get(directory)
        if (known !== undefined) return known
        if (maildirs.size >= mostMaildirs) maildirs.clear()
        const made = new Maildir(directory, { files, mode, now })
        maildirs.set(directory, made)
        return made
      }

      async function queue(
        { transaction, log: sessionLog, signal }: TransactionContext,
        message: Message,
      ) {
        const recipients = transaction.recipients.map(({ address }) => address)
        const copies = copiesOf(recipients, options, me.current)
        if (copies === undefined) return noMailbox
        const parked: Parked[] = []
        try {
          if (copies.length === 0) throw new Error('no recipient is left')
          for (const copy of copies) {
            const octets = withTrace(message, transaction.sender, copy.recipients)
            parked.push(await maildirAt(copy.directory).park(octets))
          }
          // A client that is gone, or was told to come again, comes again: it must not find its message delivered.
          signal.throwIfAborted()
          // Whatever is likely to fail has not failed: now all are delivered, or none.
          for (const one of parked) await one.deliver()
          return ok
        } catch (error) {
          await Promise.all(parked.map((one) => one.undo()))
          sessionLog.error(`not stored: ${messageOf(error)}`)
          return tryLater
        }
      }

      if (template === undefined) {
        await maildirAt(path).make()
        log.notice(`mail goes to ${path}/new`)
        return { queue }
      }
      log.notice(`mail goes to a Maildir for each recipient below ${path}`)
      return {
        // Refused here, where this plugin is asked before another says ok, only that recipient is lost.
        rcpt: (_context, address) =>
          template.directoryOf(address, me.current) === undefined ? noMailbox : declined,
        queue,
      }
    },
  }
}

/** Delivers into a Maildir: durably, or not at all. */
const plugin: Plugin<Options> = queueMaildir(systemFiles)

export default plugin
