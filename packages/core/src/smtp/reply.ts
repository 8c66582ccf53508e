import { replyLine } from './limits.ts'

/** One SMTP reply: a code and one or more lines of text. RFC 5321 §4.2. */
export interface Reply {
  readonly code: number
  /** Enhanced status code, "class.subject.detail". RFC 3463 §2. */
  readonly status: string | undefined
  readonly lines: readonly [string, ...string[]]
}

/**
 * A reply of words that the program knows.
 * @throws RangeError where code, status or text could not stand on the wire: that is a bug, never a client's doing.
 */
export function reply(
  code: number,
  status: string | undefined,
  ...lines: readonly [string, ...string[]]
): Reply {
  if (!Number.isInteger(code) || code < 200 || code > 599)
    throw new RangeError(`no reply code: ${code}`)
  // RFC 2034 §4: the class of the status is the first digit of the code.
  if (
    status !== undefined &&
    (!/^[245]\.\d{1,3}\.\d{1,3}$/.test(status) || +status[0]! !== Math.floor(code / 100))
  )
    throw new RangeError(`status ${status} does not go with code ${code}`)
  for (const line of lines) {
    // A line break in a reply would let somebody's string forge a second reply.
    if (controls.test(line))
      throw new RangeError(`control octet in reply text: ${JSON.stringify(line)}`)
  }
  return { code, status, lines }
}

const controls = /[\0-\x1f\x7f-\x9f]/

/**
 * Makes any text fit to be said: broken into lines where it has line breaks, control octets
 * shown as `?`, no line longer than a reply line may be. What a plugin, a DNS record or a next hop says passes here.
 */
export function replyLines(text: string): readonly [string, ...string[]] {
  const [first = '', ...rest] = text
    .split(/\r\n|\r|\n/)
    .filter((line, index) => index === 0 || line !== '')
    .slice(0, mostLines)
    .map((line) => clip(line.replace(/[\0-\x1f\x7f-\x9f]/g, '?')))
  return [first, ...rest]
}

/** More lines than these nobody reads: the rest of a text is dropped. */
const mostLines = 50

/** Cuts a text so that it fits into a reply line behind code and status, at a character's border. RFC 5321 §4.5.3.1.5. */
function clip(text: string): string {
  // "550-5.123.123 " before the text and CRLF behind it.
  const room = replyLine - 16
  if (text.length * 3 <= room || Buffer.byteLength(text) <= room) return text
  let octets = 0
  let end = 0
  for (const character of text) {
    octets += Buffer.byteLength(character)
    if (octets > room - 3) break
    end += character.length
  }
  return `${text.slice(0, end)}...`
}

/** A reply as it goes over the wire, each line with its code, status and CRLF. RFC 5321 §4.2.1, RFC 2034 §4. */
export function encodeReply({ code, status, lines }: Reply): string {
  const prefix = status === undefined ? '' : `${status} `
  const last = lines.length - 1
  if (last === 0) return `${code} ${prefix}${lines[0]}\r\n`
  let text = ''
  for (let i = 0; i < last; i++) text += `${code}-${prefix}${lines[i]!}\r\n`
  return `${text}${code} ${prefix}${lines[last]!}\r\n`
}
