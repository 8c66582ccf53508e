import { type Address, parseDomain, parseMailbox } from './address.ts'
import { path as longestPath } from './limits.ts'

/** The argument of MAIL or RCPT, cut at the border between its path and its parameters. */
export interface Argument {
  /** As the client wrote it, with its angle brackets if it has them. */
  readonly path: string
  /** What follows, without the blanks between. */
  readonly parameters: string
}

/**
 * Takes a keyword (`FROM:`, `TO:`) off an argument and cuts the rest behind the path. RFC 5321 §4.1.1.2.
 * A blank behind the colon, and a path without brackets, are what qmail-smtpd takes too.
 * @returns undefined where the keyword is missing or the path has no end.
 */
export function splitArgument(text: string, keyword: 'FROM:' | 'TO:'): Argument | undefined {
  if (text.slice(0, keyword.length).toUpperCase() !== keyword) return undefined
  const start = skipBlanks(text, keyword.length)
  const end = pathEnd(text, start)
  if (end === -1 || end === start) return undefined
  if (end < text.length && text[end] !== ' ' && text[end] !== '\t') return undefined
  return { path: text.slice(start, end), parameters: withoutBlanks(text, end) }
}

/** What stands at or behind `from`, without the blanks around it; other white space is no blank here. */
function withoutBlanks(text: string, from: number): string {
  const start = skipBlanks(text, from)
  let end = text.length
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
  return text.slice(start, end)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/** Where the path that begins at `start` ends, blanks and brackets inside quotes not counted; -1 where a quote or bracket stays open. */
function pathEnd(text: string, start: number): number {
  const bracketed = text[start] === '<'
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '\\') at += 1
    else if (character === '"') quoted = !quoted
    else if (!quoted && bracketed && character === '>') return at + 1
    else if (!quoted && !bracketed && (character === ' ' || character === '\t')) return at
  }
  return bracketed || quoted ? -1 : text.length
}

/**
 * Reads a path: `"<" [ A-d-l ":" ] Mailbox ">"`, or a bare mailbox. RFC 5321 §4.1.2.
 * A source route is read and forgotten, as RFC 5321 §4.1.1.3 asks.
 * @returns null for `<>`, undefined for what is no path.
 */
export function parsePath(text: string): Address | null | undefined {
  const inner = text.startsWith('<') ? bracketed(text) : text
  if (inner === undefined || Buffer.byteLength(inner) > longestPath) return undefined
  if (inner === '') return text === '<>' ? null : undefined
  const mailbox = inner.startsWith('@') ? withoutRoute(inner) : inner
  return mailbox === undefined ? undefined : parseMailbox(mailbox)
}

const bracketed = (text: string): string | undefined =>
  text.endsWith('>') ? text.slice(1, -1) : undefined

/** A-d-l: `@one,@two:`. RFC 5321 appendix C. */
function withoutRoute(text: string): string | undefined {
  const colon = routeEnd(text)
  if (colon === -1) return undefined
  const hosts = text.slice(0, colon).split(',')
  const isRoute = hosts.every(
    (host) => host.startsWith('@') && parseDomain(host.slice(1)) !== undefined,
  )
  return isRoute ? text.slice(colon + 1) : undefined
}

/** The colon that ends a route; those of an IPv6 literal are none. */
function routeEnd(text: string): number {
  let literal = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') literal = true
    else if (text[at] === ']') literal = false
    else if (text[at] === ':' && !literal) return at
  }
  return -1
}
