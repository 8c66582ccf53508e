import { asBuffer } from '../smtp/octets.ts'
import { Headers } from './headers.ts'

const CR = 13
const none = Buffer.alloc(0)

/**
 * Cuts the octets of a message behind its header section. RFC 5322 §2.1. The section ends before the
 * first empty line, or at once where the first line is no header field: then all is body.
 */
export class HeaderReader {
  readonly #limit: number
  /** What came first is kept as it is; what comes behind it is copied into a buffer that doubles. */
  #buffer: Buffer = none
  #size = 0
  #done = false
  #tooLong = false

  /** @param limit octets: a longer section is given up, see `tooLong`. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** True once the section has ended. */
  get done(): boolean {
    return this.#done
  }

  /** True once the section is longer than the limit; nothing is kept of it, and nothing more may be read. */
  get tooLong(): boolean {
    return this.#tooLong
  }

  /** Takes octets; those behind the section, the empty line first, are returned. */
  read(octets: Uint8Array): Uint8Array {
    const before = this.#size
    this.#append(octets)
    const all = this.#buffer.subarray(0, this.#size)
    const end = sectionEnd(all, before)
    // A CR that came last may be that of the empty line, which is not part of the section.
    const least = end ?? (all.at(-1) === CR ? this.#size - 1 : this.#size)
    if (least > this.#limit) {
      this.#giveUp()
      return none
    }
    if (end === undefined) return none
    this.#done = true
    this.#size = end
    return all.subarray(end)
  }

  /** The section; after the end of the data it is all there was. */
  headers(): Headers {
    if (this.#size > this.#limit) this.#giveUp()
    return new Headers(this.#buffer.toString('latin1', 0, this.#size))
  }

  #giveUp(): void {
    this.#tooLong = true
    this.#buffer = none
    this.#size = 0
  }

  #append(octets: Uint8Array): void {
    const size = this.#size + octets.length
    if (this.#size === 0) this.#buffer = asBuffer(octets)
    else {
      if (size > this.#buffer.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(size, this.#buffer.length * 2, smallest))
        this.#buffer.copy(grown, 0, 0, this.#size)
        this.#buffer = grown
      }
      this.#buffer.set(octets, this.#size)
    }
    this.#size = size
  }
}

/** Octets that a header section gets room for once it has come in more than one piece. */
const smallest = 4_096

/** Where the section ends, the first `known` octets having been looked at before; undefined while that can't be said. */
function sectionEnd(octets: Buffer, known: number): number | undefined {
  if (known < firstLineLimit) {
    const first = firstLine(octets)
    if (first === 'open') return undefined
    if (first === 'body') return 0
  }
  const empty = octets.indexOf('\r\n\r\n', Math.max(0, known - 3), 'latin1')
  return empty === -1 ? undefined : empty + 2
}

/** A field name longer than this is none. */
const firstLineLimit = 1_000

/** Whether the message begins with a header field: its name, blanks perhaps, and a colon. */
function firstLine(octets: Uint8Array): 'field' | 'body' | 'open' {
  const { length } = octets
  let at = 0
  while (at < length && isNameOctet(octets[at]!)) at += 1
  if (at === 0 && length > 0) return 'body'
  while (at < length && isBlank(octets[at]!)) at += 1
  if (at >= firstLineLimit) return 'body'
  if (at === length) return 'open'
  return octets[at] === 58 ? 'field' : 'body'
}

const isNameOctet = (octet: number): boolean => octet > 32 && octet < 127 && octet !== 58
const isBlank = (octet: number): boolean => octet === 32 || octet === 9

/** True where a body does not begin with the empty line that has to stand between it and fields put above it. */
export function needsEmptyLine(start: Uint8Array): boolean {
  // A CR that no LF follows does not get as far as this.
  return start.length > 0 && start[0] !== CR
}
