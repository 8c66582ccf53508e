import { type Address, parseMailbox } from '@qpsmtpd/core'

/**
 * A recipient with RELAYCLIENT's value behind it, as qmail-smtpd queues it. Where both have an `@`, the last one counts:
 * what stands before it is the local part, which RFC 5321 §4.1.2 wants quoted then.
 * @returns undefined where that makes no address.
 */
export function suffixed({ text, local, domain }: Address, suffix: string): Address | undefined {
  const at = suffix.lastIndexOf('@')
  if (at === -1 || domain === undefined) return parseMailbox(text + suffix)
  const before = `${local}@${domain}${suffix.slice(0, at)}`.replace(/["\\]/g, '\\$&')
  return parseMailbox(`"${before}"${suffix.slice(at)}`)
}
