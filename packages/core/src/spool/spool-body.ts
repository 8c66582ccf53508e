import type { FileHandle } from 'node:fs/promises'
import type { SpooledBody } from '../server/spool.ts'

/** Octets that are read from a file at a time. */
const readSize = 262_144

/** Octets that are gathered for a file before they are written: each write is a trip to another thread. */
const writeSize = 65_536

/** Small slices are copied together into blocks of so many octets. */
const blockSize = 16_384

/** Fewer octets than this cost more to keep as they are than to copy. */
const worthKeeping = 1_024

/** Makes a file that has no name any more. */
export type OpenFile = () => Promise<FileHandle>

/** A body in memory up to a size, and in a file from there on. */
export class SpoolBody implements SpooledBody {
  readonly #threshold: number
  readonly #openFile: OpenFile
  /** What has been written by the caller, but not to a file. */
  #chunks: Uint8Array[] = []
  #gathered = 0
  /** The block that small slices are copied into, and how much of it is used. */
  #block: Buffer | undefined
  #used = 0
  #size = 0
  #file: FileHandle | undefined
  #isReleased = false
  /** The last write to the file: whoever reads waits for it. */
  #flushing: Promise<void> = Promise.resolve()

  constructor(threshold: number, openFile: OpenFile) {
    this.#threshold = threshold
    this.#openFile = openFile
  }

  get size(): number {
    return this.#size
  }

  get inMemory(): readonly Uint8Array[] | undefined {
    this.#checkReleased()
    if (this.#file !== undefined) return undefined
    this.#endBlock()
    return this.#chunks
  }

  /** Goes to a file now rather than later, so that a lack of room shows before the octets come. */
  async useFile(): Promise<void> {
    const file = await this.#openFile()
    this.#file = file
    if (this.#isReleased) await file.close()
    this.#checkReleased()
    await this.#flush()
  }

  write(octets: Uint8Array): void | Promise<void> {
    this.#size += octets.length
    this.#gathered += octets.length
    this.#keep(octets)
    if (this.#file !== undefined) return this.#gathered >= writeSize ? this.#flush() : undefined
    return this.#size > this.#threshold ? this.useFile() : undefined
  }

  async *read(from: number = 0): AsyncGenerator<Uint8Array> {
    const chunks = this.inMemory
    if (chunks !== undefined) {
      let skip = from
      for (const chunk of chunks) {
        if (skip < chunk.length) yield skip === 0 ? chunk : chunk.subarray(skip)
        skip = Math.max(0, skip - chunk.length)
      }
      return
    }
    await this.#flush()
    for (let at = from; at < this.#size;) {
      const buffer = Buffer.allocUnsafe(Math.min(readSize, this.#size - at))
      const { bytesRead } = await this.#openHandle().read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) throw new Error(`spool file ends at ${at} of ${this.#size} octets`)
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  release(): void | Promise<void> {
    this.#isReleased = true
    this.#chunks = []
    this.#block = undefined
    return this.#file?.close()
  }

  #checkReleased(): void {
    if (this.#isReleased) throw new Error('the body was released: its transaction is over')
  }

  #openHandle(): FileHandle {
    this.#checkReleased()
    if (this.#file === undefined) throw new Error('the body is in no file')
    return this.#file
  }

  /** Writes what was gathered to the file, behind what is being written. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeGathered())
    return this.#flushing
  }

  async #writeGathered(): Promise<void> {
    this.#endBlock()
    const chunks = this.#chunks
    this.#chunks = []
    this.#block = undefined
    this.#gathered = 0
    if (chunks.length === 0) return
    const octets = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    const file = this.#openHandle()
    for (let at = 0; at < octets.length;) {
      const { bytesWritten } = await file.write(octets, at, octets.length - at)
      at += bytesWritten
    }
  }

  #keep(octets: Uint8Array): void {
    // By reference only what nearly fills the memory behind it, and is not so small that an object costs more.
    if (octets.length >= worthKeeping && octets.length * 2 >= octets.buffer.byteLength) {
      this.#endBlock()
      this.#chunks.push(octets)
      return
    }
    let rest = octets
    while (rest.length > 0) {
      this.#block ??= Buffer.allocUnsafeSlow(blockSize)
      const taken = rest.subarray(0, this.#block.length - this.#used)
      this.#block.set(taken, this.#used)
      this.#used += taken.length
      rest = rest.subarray(taken.length)
      if (this.#used === this.#block.length) this.#endBlock()
    }
  }

  /** What is in the block is given out; the rest of it may still be filled, behind that. */
  #endBlock(): void {
    const block = this.#block
    if (block === undefined || this.#used === 0) return
    this.#chunks.push(block.subarray(0, this.#used))
    this.#block = this.#used < block.length ? block.subarray(this.#used) : undefined
    this.#used = 0
  }
}
