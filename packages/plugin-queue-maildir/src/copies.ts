import { join } from 'node:path'
import { type Address, type Message, messageOctets, type Sender, withLf } from '@qpsmtpd/core'
import type { Options } from './options.ts'

/** One file that a message becomes. */
interface Copy {
  /** Absolute. */
  readonly directory: string
  readonly recipients: readonly Address[]
}

/**
 * One copy for all, or with a template one for each; a recipient who was named twice gets one.
 * @returns undefined in place of the copies where a recipient can have no directory.
 */
export function copiesOf(
  recipients: readonly Address[],
  { path, template }: Options,
  me: string,
): readonly Copy[] | undefined {
  const once = [
    ...new Map(recipients.map((one) => [`${one.local}@${one.domain ?? me}`, one])).values(),
  ]
  if (template === undefined)
    return once.length === 0 ? [] : [{ directory: path, recipients: once }]
  const copies: Copy[] = []
  for (const recipient of once) {
    const below = template.directoryOf(recipient, me)
    if (below === undefined) return undefined
    copies.push({ directory: join(path, below), recipients: [recipient] })
  }
  return copies
}

/** Return-Path first (RFC 5321 §4.4), one Delivered-To for each recipient, then the message; LF ends lines in a file. */
export async function* withTrace(
  message: Message,
  sender: Sender,
  recipients: readonly Address[],
): AsyncGenerator<Uint8Array> {
  const delivered = recipients.map(({ text }) => `Delivered-To: ${text}\n`).join('')
  yield Buffer.from(`Return-Path: <${sender?.text ?? ''}>\n${delivered}`)
  yield* withLf(messageOctets(message))
}
