import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Many connections to one server that have been greeted and stay. */
export class Crowd implements AsyncDisposable {
  readonly #port: number
  readonly #sockets: Socket[] = []
  readonly #timers: NodeJS.Timeout[] = []
  #greeted = 0

  /** @param port on 127.0.0.1. */
  constructor(port: number) {
    this.#port = port
  }

  /** How many there are. */
  get size(): number {
    return this.#sockets.length
  }

  /** How many of them have been greeted so far. */
  get greeted(): number {
    return this.#greeted
  }

  /**
   * Adds connections, all at once. Fails where one is not greeted within so many seconds.
   * @returns milliseconds until all were greeted.
   */
  async grow(count: number, timeoutSeconds: number): Promise<number> {
    const start = performance.now()
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    await Promise.all(Array.from({ length: count }, () => this.#add(signal)))
    return performance.now() - start
  }

  /** Has every connection send a command octet by octet, one in so many milliseconds, and then again. */
  drip(milliseconds: number): void {
    const command = 'NOOP\r\n'
    for (const socket of this.#sockets) {
      let at = 0
      const timer = setInterval(() => {
        socket.write(command[at % command.length]!)
        at += 1
      }, milliseconds)
      this.#timers.push(timer)
    }
  }

  /** Closes all of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
    await Promise.all(this.#sockets.splice(0).map((socket) => closed(socket)))
  }

  async #add(signal: AbortSignal): Promise<void> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#sockets.push(socket)
    let text = ''
    while (!/^\d{3} [^\n]*\n/m.test(text)) {
      const [chunk] = (await once(socket, 'data', { signal })) as [Buffer]
      text += chunk.toString('latin1')
    }
    if (!text.startsWith('220')) throw new Error(`a connection was not greeted: "${text.trim()}"`)
    this.#greeted += 1
    // What comes of it later is of no interest.
    socket.on('error', () => {})
    socket.resume()
  }
}

async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.destroy()
  if (!socket.closed) await once(socket, 'close')
}
