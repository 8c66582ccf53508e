import { commandLine, endlessLine } from './limits.ts'
import { asBuffer } from './octets.ts'

/** Why octets are no command line. */
export type LineFault =
  /** Past the limit; skipped up to its CRLF. */
  | 'long'
  /** Past the point where anyone could still wait for its end. */
  | 'endless'
  /** A CR or LF that is no CRLF; skipped up to its CRLF. */
  | 'stray'
  /** A control octet, or octets that are no UTF-8. */
  | 'octets'

/** One command line without its CRLF, or why it is none. */
export type Line = { readonly text: string } | { readonly fault: LineFault }

const CR = 13
const LF = 10
const nothing = Buffer.alloc(0)
const faults = {
  long: { fault: 'long' },
  endless: { fault: 'endless' },
  stray: { fault: 'stray' },
  octets: { fault: 'octets' },
} as const satisfies Record<LineFault, Line>

/**
 * Octets that came and were not asked for yet, given out as command lines, or as they are. CRLF ends a
 * line and nothing else does (RFC 5321 §2.3.8). Holds no more than what one `push` brought and one line.
 */
export class LineBuffer {
  #chunk: Buffer = nothing
  /** Where the next line begins. */
  #at = 0
  /** Up to here no LF was found. */
  #scanned = 0
  /** While a line is skipped: its octets so far. 0 otherwise. */
  #skipped = 0
  #skippedCr = false

  /** Adds octets behind those that are here. They are kept by reference: the caller may not write to them again. */
  push(octets: Uint8Array): void {
    const chunk = asBuffer(octets)
    if (this.#at === this.#chunk.length) {
      this.#chunk = chunk
      this.#scanned = 0
    } else {
      const kept = this.#chunk.subarray(this.#at)
      this.#scanned -= this.#at
      this.#chunk = Buffer.concat([kept, chunk])
    }
    this.#at = 0
  }

  /** How many octets wait. */
  get length(): number {
    return this.#chunk.length - this.#at
  }

  /** Takes all octets, for a reader of another kind; what it leaves comes back by `push`. */
  take(): Buffer {
    const octets = this.#at === 0 ? this.#chunk : this.#chunk.subarray(this.#at)
    this.clear()
    return octets
  }

  /** Forgets what waits. */
  clear(): void {
    this.#chunk = nothing
    this.#at = 0
    this.#scanned = 0
  }

  /** The next line, or undefined while it is not whole. Every line is reported once, however its octets were cut. */
  next(): Line | undefined {
    if (this.#skipped > 0) {
      const skipped = this.#skip()
      if (skipped !== 'done') return skipped
    }
    const start = this.#at
    const lf = this.#chunk.indexOf(LF, this.#scanned)
    const end = lf === -1 ? this.#chunk.length : lf + 1
    if (end - start > commandLine) return this.#fault('long', start + commandLine)
    if (lf === -1) {
      this.#scanned = end
      if (start === end) this.clear()
      return undefined
    }
    if (lf === start || this.#chunk[lf - 1] !== CR) return this.#fault('stray', end)
    this.#at = end
    this.#scanned = end
    return decode(this.#chunk, start, lf - 1)
  }

  /** Reports a line whose octets before `to` are read, and skips the rest of it. */
  #fault(fault: LineFault, to: number): Line {
    this.#skipped = to - this.#at
    this.#skippedCr = this.#chunk[to - 1] === CR
    this.#at = to
    this.#scanned = to
    return faults[fault]
  }

  #skip(): 'done' | Line | undefined {
    for (;;) {
      const lf = this.#chunk.indexOf(LF, this.#at)
      const end = lf === -1 ? this.#chunk.length : lf + 1
      this.#skipped += end - this.#at
      if (this.#skipped > endlessLine) return faults.endless
      const isEnd = lf !== -1 && (lf === this.#at ? this.#skippedCr : this.#chunk[lf - 1] === CR)
      if (end > this.#at) this.#skippedCr = this.#chunk[end - 1] === CR
      this.#at = end
      this.#scanned = end
      if (isEnd) {
        this.#skipped = 0
        return 'done'
      }
      if (lf === -1) {
        this.clear()
        return undefined
      }
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Printable ASCII and TAB for nearly every line; UTF-8 where SMTPUTF8 may need it. RFC 6531 §3.1. */
function decode(chunk: Buffer, start: number, end: number): Line {
  const text = chunk.toString('latin1', start, end)
  if (plain.test(text)) return { text }
  if (text.includes('\r')) return faults.stray
  if (controls.test(text)) return faults.octets
  try {
    const decoded = utf8.decode(chunk.subarray(start, end))
    return c1Controls.test(decoded) ? faults.octets : { text: decoded }
  } catch {
    return faults.octets
  }
}

const plain = /^[\t -~]*$/
const controls = /[\0-\x08\x0b-\x1f\x7f]/
const c1Controls = /[\u0080-\u009f]/
