import { HeaderReader } from '../message/header-reader.ts'
import type { Headers } from '../message/headers.ts'
import type { Body } from '../message/body.ts'
import { DotReader } from '../smtp/dot-reader.ts'
import { headerSection } from '../smtp/limits.ts'
import { LineEndRepair } from '../smtp/line-end-repair.ts'
import type { Reply } from '../smtp/reply.ts'
import type { Settings } from './settings.ts'

/** Why a message that has come can't be taken, however good its content. */
export type ReceptionFault = 'tooBig' | 'headersTooBig' | 'bareNewline' | 'noSpool'

/** Takes the octets behind one DATA: cuts off the header section, counts, and passes the body on. */
export class Reception {
  readonly body: Body
  /** Milliseconds since 1970: when the data began. */
  readonly at: number
  readonly #dots = new DotReader()
  readonly #headers = new HeaderReader(headerSection)
  readonly #repair: LineEndRepair | undefined
  readonly #databytes: number
  #size = 0
  #fault: ReceptionFault | undefined
  #discards = false
  #refusal: Reply | undefined
  /** True once plugins were told of the header section. */
  headersTold = false

  constructor(
    opened: { body: Body; at: number },
    settings: Pick<Settings, 'bareNewline'>,
    databytes: number,
  ) {
    this.body = opened.body
    this.at = opened.at
    this.#repair = settings.bareNewline === 'normalize' ? new LineEndRepair() : undefined
    this.#databytes = databytes
  }

  /** True once the end of the data was read. */
  get ended(): boolean {
    return this.#dots.ended
  }

  /** True once the header section is whole. */
  get hasHeaders(): boolean {
    return this.#headers.done
  }

  /** Octets of content so far, stuffed dots not counted. */
  get size(): number {
    return this.#size
  }

  /** The header section: all of it once `hasHeaders` or `ended`. */
  headers(): Headers {
    return this.#headers.headers()
  }

  /** Why the message can't be taken, once it has ended. */
  get fault(): ReceptionFault | undefined {
    if (this.#fault !== undefined) return this.#fault
    return this.#dots.stray && this.#repair === undefined ? 'bareNewline' : undefined
  }

  /** A plugin's answer to the header section: it is given at the dot. */
  get refusal(): Reply | undefined {
    return this.#refusal
  }

  /** The message will be refused with that reply at the dot; what still comes of it is thrown away. */
  refuse(reply: Reply): void {
    this.#refusal = reply
    this.#discards = true
  }

  /** From here on the octets are read and thrown away. */
  discard(fault?: ReceptionFault): void {
    this.#discards = true
    this.#fault ??= fault
  }

  /**
   * Reads up to the end of the data, adding to `body` what belongs there.
   * @returns how many octets were read.
   */
  read(chunk: Buffer, body: Uint8Array[]): number {
    const content: Uint8Array[] = []
    const consumed = this.#dots.read(chunk, content)
    const repaired = this.#repair === undefined ? content : this.#repaired(content, this.#repair)
    for (const octets of repaired) this.#take(octets, body)
    return consumed
  }

  #repaired(content: readonly Uint8Array[], repair: LineEndRepair): readonly Uint8Array[] {
    const repaired: Uint8Array[] = []
    for (const octets of content) repair.push(octets, repaired)
    if (this.#dots.ended) repair.end(repaired)
    return repaired
  }

  #take(octets: Uint8Array, body: Uint8Array[]): void {
    const room = this.#databytes === 0 ? octets.length : Math.max(0, this.#databytes - this.#size)
    this.#size += octets.length
    const taken = room < octets.length ? octets.subarray(0, room) : octets
    if (taken.length > 0 && !this.#discards) this.#keep(taken, body)
    if (room < octets.length) this.discard('tooBig')
  }

  #keep(octets: Uint8Array, body: Uint8Array[]): void {
    const rest = this.#headers.done ? octets : this.#headers.read(octets)
    if (this.#headers.tooLong) return this.discard('headersTooBig')
    if (rest.length > 0) body.push(rest)
  }
}
