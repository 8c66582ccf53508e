import type { FileHandle } from 'node:fs/promises'
import type { SpooledBody } from '../server/spool.ts'

/** Octets that are read from a file at a time. */
const readSize = 262_144

/** Small slices are copied together into blocks of so many octets: many of them would cost more than what they hold. */
const blockSize = 16_384

/** Makes a file that has no name any more. */
export type OpenFile = () => Promise<FileHandle>

/** A body in memory up to a size, and in a file from there on. */
export class SpoolBody implements SpooledBody {
  readonly #threshold: number
  readonly #openFile: OpenFile
  #chunks: Uint8Array[] = []
  /** The block that small slices are copied into, and how much of it is used. */
  #block: Buffer | undefined
  #used = 0
  #size = 0
  #file: FileHandle | undefined
  #released = false

  constructor(threshold: number, openFile: OpenFile) {
    this.#threshold = threshold
    this.#openFile = openFile
  }

  get size(): number {
    return this.#size
  }

  get inMemory(): readonly Uint8Array[] | undefined {
    if (this.#file !== undefined) return undefined
    this.#endBlock()
    return this.#chunks
  }

  /** Goes to a file now rather than later, so that a lack of room shows before the octets come. */
  async useFile(): Promise<void> {
    this.#file = await this.#openFile()
    this.#endBlock()
    const chunks = this.#chunks
    this.#chunks = []
    this.#block = undefined
    if (chunks.length > 0) await writeAll(this.#file, chunks)
  }

  write(octets: Uint8Array): void | Promise<void> {
    this.#size += octets.length
    if (this.#file !== undefined) return writeAll(this.#file, [octets])
    this.#keep(octets)
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
    for (let at = from; at < this.#size;) {
      const buffer = Buffer.allocUnsafe(Math.min(readSize, this.#size - at))
      const { bytesRead } = await this.#openHandle().read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) throw new Error(`spool file ends at ${at} of ${this.#size} octets`)
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  release(): void | Promise<void> {
    this.#released = true
    this.#chunks = []
    this.#block = undefined
    return this.#file?.close()
  }

  #openHandle(): FileHandle {
    if (this.#file === undefined || this.#released) throw new Error('the body was released')
    return this.#file
  }

  #keep(octets: Uint8Array): void {
    // A slice of a chunk that it nearly fills costs no more than itself.
    if (octets.length >= blockSize || octets.length * 2 >= octets.buffer.byteLength) {
      this.#endBlock()
      this.#chunks.push(octets)
      return
    }
    if (this.#block === undefined || this.#used + octets.length > this.#block.length) {
      this.#endBlock()
      this.#block = Buffer.allocUnsafeSlow(blockSize)
    }
    this.#block.set(octets, this.#used)
    this.#used += octets.length
  }

  #endBlock(): void {
    if (this.#block !== undefined && this.#used > 0)
      this.#chunks.push(this.#block.subarray(0, this.#used))
    // The rest of the block may still be filled, behind what was given out.
    this.#block = this.#block?.subarray(this.#used)
    if (this.#block?.length === 0) this.#block = undefined
    this.#used = 0
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await file.write(chunk, at, chunk.length - at)
      at += bytesWritten
    }
  }
}
