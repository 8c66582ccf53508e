import type { Address } from '@qpsmtpd/core'

/** The directory below the Maildir that a recipient's mail goes to: `%l` local part, `%d` domain, `%u` both. */
export class Template {
  readonly #text: string

  /** @throws RangeError for a template that names no recipient, or leads out of its directory. */
  constructor(text: string) {
    if (!/%[ldu]/.test(text)) throw new RangeError(`"${text}" has none of %l, %d and %u in it`)
    if (!isPath(text)) throw new RangeError(`"${text}" has an empty part, "." or ".." in it`)
    this.#text = text
  }

  /** The directory of a recipient; undefined where there can be none. @param me stands in for a domain that is missing. */
  directoryOf({ local, domain }: Address, me: string): string | undefined {
    const host = domain ?? me
    const values = { l: safe(local), d: safe(host), u: safe(`${local}@${host}`) }
    const path = this.#text.replace(
      /%([ldu])/g,
      (_match, letter: 'l' | 'd' | 'u') => values[letter],
    )
    return isPath(path) ? path : undefined
  }
}

/** Octets that a file name may have. */
const longestName = 255

const isPath = (text: string): boolean =>
  !text.includes('\0') &&
  text
    .split('/')
    .every(
      (part) =>
        part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= longestName,
    )

/** What is not sure to be harmless in a file name becomes `_`, as in spamd's and qpsmtpd's directories. */
const safe = (text: string): string => text.replace(/[^-A-Za-z0-9+_.,@=]/g, '_')
