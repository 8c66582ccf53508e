const CR = 13
const LF = 10
const DOT = 46
const loneCr = Buffer.from('\r')

// Where in a line the reader stands. Plain numbers: this is looked at for every octet of every message.
const LINE_START = 0
const TEXT = 1
const AFTER_CR = 2
const AFTER_DOT = 3
const AFTER_DOT_CR = 4

/**
 * Reads the octets behind DATA up to CRLF `.` CRLF and takes the stuffed dots out. RFC 5321 §4.5.2.
 * It has no options: nothing else ends a message, and nothing is changed but for the dots.
 */
export class DotReader {
  #state = LINE_START
  #ended = false
  #stray = false

  /** True once the end of the data has been read. */
  get ended(): boolean {
    return this.#ended
  }

  /** True once a CR or LF came that is not part of a CRLF. RFC 5321 §2.3.8. */
  get stray(): boolean {
    return this.#stray
  }

  /**
   * Reads a chunk, adding slices of it to `content`; they share its memory.
   * @returns how many octets were read: fewer than there are only where the data has ended.
   */
  read(chunk: Buffer, content: Uint8Array[]): number {
    const { length } = chunk
    const lineOctets = new LineOctets(chunk)
    let state = this.#state
    /** What is content and not yet given out begins here. */
    let start = 0
    let at = 0
    while (at < length) {
      if (state === TEXT) {
        at = lineOctets.next(at)
        if (at === length) break
      }
      const octet = chunk[at]!
      at += 1
      switch (state) {
        case TEXT:
          if (octet === CR) state = AFTER_CR
          else this.#stray = true
          break
        case AFTER_CR:
          if (octet === LF) {
            state = LINE_START
            break
          }
          this.#stray = true
          if (octet !== CR) state = TEXT
          break
        case LINE_START:
          if (octet === DOT) {
            if (at - 1 > start) content.push(chunk.subarray(start, at - 1))
            start = at
            state = AFTER_DOT
          } else state = this.#text(octet)
          break
        case AFTER_DOT:
          // The dot is gone whatever follows; only with CRLF behind it the data ends.
          if (octet === CR) state = AFTER_DOT_CR
          else state = this.#text(octet)
          break
        default:
          if (octet === LF) {
            this.#state = state
            this.#ended = true
            return at
          }
          // That CR was content after all. If it came with the chunk before, it has not been given out.
          this.#stray = true
          if (at === 1) content.push(loneCr)
          state = octet === CR ? AFTER_CR : TEXT
      }
    }
    const end = state === AFTER_DOT_CR ? length - 1 : length
    if (end > start)
      content.push(start === 0 && end === length ? chunk : chunk.subarray(start, end))
    this.#state = state
    return length
  }

  /** The state behind the first octet of a line that is no dot. */
  #text(octet: number): number {
    if (octet === CR) return AFTER_CR
    if (octet === LF) this.#stray = true
    return TEXT
  }
}

/** So many octets of a line are looked at one by one, which for short lines is cheaper than a native search. */
const near = 16

/** Finds the CRs and LFs of one chunk from left to right, each octet being looked at once however they lie. */
class LineOctets {
  readonly #chunk: Buffer
  readonly #text: string
  #cr = -1
  #lf = -1

  constructor(chunk: Buffer) {
    this.#chunk = chunk
    // One copy, and native searches in a string cost a third of those in a Buffer.
    this.#text = chunk.toString('latin1')
  }

  /** The index of the first CR or LF at or behind `from`, or the chunk's length. */
  next(from: number): number {
    const { length } = this.#chunk
    const close = Math.min(length, from + near)
    for (let at = from; at < close; at++) {
      const octet = this.#chunk[at]!
      if (octet === CR || octet === LF) return at
    }
    if (this.#cr < close) this.#cr = this.#find('\r', close)
    if (this.#lf < close) this.#lf = this.#find('\n', close)
    return this.#cr < this.#lf ? this.#cr : this.#lf
  }

  #find(octet: string, from: number): number {
    const at = this.#text.indexOf(octet, from)
    return at === -1 ? this.#text.length : at
  }
}
