import type { Body } from './body.ts'
import { needsEmptyLine } from './header-reader.ts'
import type { Headers } from './headers.ts'

/** A message that has come whole. RFC 5322 §2.1. */
export interface Message {
  /** Stands in the reply, in Received and in every log line about it. */
  readonly id: string
  readonly headers: Headers
  /** What follows the header section: the empty line and the rest, as it came. */
  readonly body: Body
  /** Octets as the client sent them, stuffed dots not counted, before anything was added. */
  readonly size: number
}

/**
 * The octets of a message from its first header field on, with CRLF as they came. Where it came without any
 * field, an empty line is put between what was added and its body, or the body would be read as fields.
 */
export async function* messageOctets({ headers, body }: Message): AsyncGenerator<Uint8Array> {
  const section = Buffer.from(headers.section, 'latin1')
  yield section
  let mayNeedEmptyLine = section.length > 0
  for await (const chunk of body.read()) {
    if (chunk.length === 0) continue
    if (mayNeedEmptyLine && needsEmptyLine(chunk)) yield emptyLine
    mayNeedEmptyLine = false
    yield chunk
  }
}

const emptyLine = Buffer.from('\r\n')
