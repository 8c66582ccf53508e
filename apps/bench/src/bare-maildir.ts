import { constants } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testMessage } from './test-message.ts'
import { wholeNumber } from './whole-number.ts'

/** What to write, and where. */
export interface BareWork {
  /** The Maildir, which is made. */
  readonly directory: string
  /** How many messages. */
  readonly messages: number
  /** Octets of the body of each. */
  readonly bodyOctets: number
  /** How many are being written at the same time. */
  readonly inFlight: number
}

/**
 * Writes messages as a server that says 250 has to, with nothing around it: a new file in `tmp`, all octets, fsync,
 * rename to `new`, fsync of `new`.
 * @returns messages a second.
 */
export async function writeBare({
  directory,
  messages,
  bodyOctets,
  inFlight,
}: BareWork): Promise<number> {
  const message = testMessage(bodyOctets)
  for (const name of ['tmp', 'new']) await mkdir(join(directory, name), { recursive: true })
  let begun = 0
  const writer = async (): Promise<void> => {
    while (begun < messages) {
      begun += 1
      await writeOne(directory, `${process.pid}.${begun}`, message)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: inFlight }, writer))
  return messages / ((performance.now() - start) / 1000)
}

async function writeOne(directory: string, name: string, message: Buffer): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_RDONLY, O_DIRECTORY } = constants
  const file = await open(join(directory, 'tmp', name), O_WRONLY | O_CREAT | O_EXCL, 0o600)
  await file.write(message)
  await file.sync()
  await file.close()
  await rename(join(directory, 'tmp', name), join(directory, 'new', name))
  const folder = await open(join(directory, 'new'), O_RDONLY | O_DIRECTORY)
  await folder.sync()
  await folder.close()
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string', default: '' },
      messages: { type: 'string', default: '' },
      size: { type: 'string', default: '' },
      inflight: { type: 'string', default: '' },
    },
  })
  const perSecond = await writeBare({
    directory: values.directory,
    messages: wholeNumber('messages', values.messages, 1),
    bodyOctets: wholeNumber('size', values.size, 2),
    inFlight: wholeNumber('inflight', values.inflight, 1),
  })
  process.stdout.write(`${perSecond}\n`)
}
