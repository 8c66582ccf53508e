import type { Socket } from 'node:net'
import type { Endpoint } from '../hooks/connection.ts'
import type { Read, Wire } from '../server/wire.ts'
import { inputAhead, lingerTime, outputAhead } from '../smtp/limits.ts'

type Watcher = Parameters<Wire['watch']>[0]

/** Octets of memory that a chunk costs besides what is in it. */
const chunkCost = 512

/** Octets that may be dropped from a client that goes on talking after our last reply. */
const lingerOctets = 1_048_576

/** A TCP connection, or anything else that is a socket to Node. */
export class SocketWire implements Wire {
  readonly remote: Endpoint
  #local: Endpoint | undefined
  readonly #socket: Socket
  /** What has come and was not read: usually nothing or one chunk. */
  #chunks: Uint8Array[] | undefined
  #buffered = 0
  #ended = false
  #isReset = false
  #reader: ((read: Read) => void) | undefined
  #output = ''
  #watcher: Watcher | undefined
  #drained: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort)
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onClose)
    // An error is followed by `close`, which says all there is to say; but it must have been listened to.
    socket.on('error', ignore)
  }

  get local(): Endpoint {
    this.#local ??= endpointOf(this.#socket.localAddress, this.#socket.localPort)
    return this.#local
  }

  get buffered(): number {
    return this.#buffered
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher
  }

  read(): Read | Promise<Read> {
    const chunks = this.#chunks
    if (chunks !== undefined) {
      this.#chunks = undefined
      this.#buffered = 0
      if (this.#socket.isPaused()) this.#socket.resume()
      return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    }
    if (this.#isReset) return 'reset'
    if (this.#ended) return 'eof'
    return new Promise(this.#setReader)
  }

  readonly #setReader = (resolve: (read: Read) => void): void => {
    this.#reader = resolve
  }

  interrupt(): void {
    this.#give('interrupted')
  }

  #give(read: Read): boolean {
    const reader = this.#reader
    if (reader === undefined) return false
    this.#reader = undefined
    reader(read)
    return true
  }

  write(text: string): boolean {
    this.#output += text
    return this.#output.length >= outputAhead
  }

  flush(): Promise<void> | undefined {
    const text = this.#output
    if (text === '') return undefined
    this.#output = ''
    if (this.#isReset || this.#socket.writableEnded) return undefined
    if (this.#socket.write(text, isAscii(text) ? 'latin1' : 'utf8')) return undefined
    return new Promise((resolve) => {
      this.#drained = resolve
      this.#socket.once('drain', resolve)
    })
  }

  async end(isExpected: boolean): Promise<void> {
    if (this.#isReset) return
    const socket = this.#socket
    const sending = this.flush()
    // With all sent and nothing unread there is nothing to linger for.
    if (isExpected && sending === undefined && socket.writableLength === 0 && this.#buffered === 0)
      return this.destroy()
    await this.#linger()
  }

  async #linger(): Promise<void> {
    const socket = this.#socket
    socket.off('data', this.#onData)
    // Closing with octets unread would reset the connection, and our last reply with it.
    let dropped = 0
    socket.on('data', (octets) => {
      dropped += octets.length
      // Not destroyed: that would reset the connection before the client has read our last reply.
      if (dropped > lingerOctets) socket.pause()
    })
    socket.resume()
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
    })
    socket.end()
    const timer = setTimeout(() => socket.destroy(), lingerTime)
    await closed
    clearTimeout(timer)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  readonly #onData = (octets: Uint8Array): void => {
    this.#watcher?.input()
    if (this.#give(octets)) return
    this.#chunks ??= []
    this.#chunks.push(octets)
    this.#buffered += octets.length
    // A chunk costs something, too, however few octets it has.
    if (this.#buffered + this.#chunks.length * chunkCost >= inputAhead) this.#socket.pause()
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    this.#watcher?.input()
    this.#give('eof')
  }

  readonly #onClose = (): void => {
    this.#isReset = true
    this.#give('reset')
    this.#drained?.()
    this.#watcher?.reset()
  }
}

/** Replies are ASCII but for those of SMTPUTF8, and written faster so. */
const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

const ignore = (): void => undefined

function endpointOf(address: string | undefined, port: number | undefined): Endpoint {
  return { address: plainAddress(address), port: port ?? 0, host: undefined }
}

/** An IPv4 client of an IPv6 socket is still an IPv4 client. RFC 4291 §2.5.5.2. */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}
