import { asBuffer } from './octets.ts'

const CR = 13
const LF = 10
const crlf = Buffer.from('\r\n')

/**
 * Makes every CR and every LF that is not part of a CRLF into one. It stands behind the dot reader, so that a
 * line which comes to be here can neither end a message nor lose a dot.
 */
export class LineEndRepair {
  #heldCr = false

  /** Adds the repaired octets to `content`; what needs no repair is passed on without a copy. */
  push(octets: Uint8Array, content: Uint8Array[]): void {
    const chunk = asBuffer(octets)
    let start = 0
    if (this.#heldCr && chunk.length > 0) {
      this.#heldCr = false
      content.push(crlf)
      if (chunk[0] === LF) start = 1
    }
    for (let at = start; at < chunk.length; at++) {
      const octet = chunk[at]
      if (octet !== CR && octet !== LF) continue
      if (octet === CR && at + 1 === chunk.length) {
        this.#heldCr = true
        if (at > start) content.push(chunk.subarray(start, at))
        return
      }
      if (octet === CR && chunk[at + 1] === LF) {
        at += 1
        continue
      }
      if (at > start) content.push(chunk.subarray(start, at))
      content.push(crlf)
      start = at + 1
    }
    if (start < chunk.length) content.push(start === 0 ? chunk : chunk.subarray(start))
  }

  /** After the last octet. */
  end(content: Uint8Array[]): void {
    if (this.#heldCr) content.push(crlf)
    this.#heldCr = false
  }
}
