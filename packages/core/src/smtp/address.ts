import { domain as longestDomain } from './limits.ts'

/** A mailbox: local-part and domain. RFC 5321 §4.1.2. */
export interface Address {
  /** Unquoted; its case is significant. RFC 5321 §2.4. */
  readonly local: string
  /** Lower-cased, U-labels as A-labels (RFC 5891 §4.4), a literal with its brackets. Undefined where the client named none: `<postmaster>`. */
  readonly domain: string | undefined
  /** As received, without brackets and source route: for replies, queueing and forwarding. */
  readonly text: string
}

/** What MAIL names: a mailbox, or null for the empty reverse-path. RFC 5321 §4.5.5. */
export type Sender = Address | null

/** True where an address can only travel with SMTPUTF8. RFC 6531 §3.4. */
export function isInternational(address: Sender): boolean {
  return address !== null && /[^\0-\x7f]/.test(address.text)
}

/**
 * Reads `local-part [ "@" ( Domain / address-literal ) ]` with nothing before or behind it. RFC 5321 §4.1.2.
 * Letters beyond ASCII are taken as RFC 6531 §3.3 has it; whether they may stand here is the caller's to judge.
 * @returns undefined for anything else.
 */
export function parseMailbox(text: string): Address | undefined {
  const quoted = text.startsWith('"')
  const match = (quoted ? quotedString : dotString).exec(text)
  if (match === null) return undefined
  const [spelled] = match
  const local = quoted ? spelled.slice(1, -1).replace(/\\(.)/gs, '$1') : spelled
  if (spelled.length === text.length) return { local, domain: undefined, text }
  if (text[spelled.length] !== '@') return undefined
  const domain = parseDomain(text.slice(spelled.length + 1))
  return domain === undefined ? undefined : { local, domain, text }
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u{a0}-\\u{10ffff}]+"
const dotString = new RegExp(`^${atom}(?:\\.${atom})*`, 'u')
// qtextSMTP, or any printable ASCII behind a backslash. RFC 5321 §4.1.2.
const quotedString = /^"(?:[ !#-[\]-~\u{a0}-\u{10ffff}]|\\[ -~])*"/u

/** A domain or address literal in its canonical form, or undefined where it is neither. RFC 5321 §4.1.2, §4.1.3. */
export function parseDomain(text: string): string | undefined {
  if (text.startsWith('[')) return parseLiteral(text)
  if (text.length === 0 || Buffer.byteLength(text) > longestDomain) return undefined
  if (asciiDomain.test(text)) return text.toLowerCase()
  return /[^\0-\x7f]/.test(text) ? toAscii(text) : undefined
}

// An underscore is no letter of RFC 5321, but hosts with one send mail, and it can do no harm.
const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const asciiDomain = new RegExp(`^${label}(?:\\.${label})*$`)

function toAscii(text: string): string | undefined {
  // URL knows IDNA, but also reads paths, ports and numbers as hosts: only labels may come near it.
  if (!/^[A-Za-z0-9_\-.\u{a0}-\u{10ffff}]+$/u.test(text)) return undefined
  if (!URL.canParse(`http://${text}/`)) return undefined
  const { hostname } = new URL(`http://${text}/`)
  const isName =
    asciiDomain.test(hostname) && !/^[0-9.]+$/.test(hostname) && hostname.length <= longestDomain
  return isName ? hostname : undefined
}

/** RFC 5321 §4.1.3. Tags other than IPv6 are not registered anywhere, so they name no mailbox. */
function parseLiteral(text: string): string | undefined {
  const ipv4 = /^\[(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\]$/.exec(text)
  if (ipv4 !== null) return ipv4.slice(1).every((octet) => +octet <= 255) ? text : undefined
  const ipv6 = /^\[IPv6:([0-9A-Fa-f:.]{2,45})\]$/i.exec(text)
  if (ipv6 === null || !URL.canParse(`http://[${ipv6[1]!}]/`)) return undefined
  return `[IPv6:${ipv6[1]!.toLowerCase()}]`
}
