import type { Endpoint } from '../hooks/connection.ts'
import type { Read, Wire } from '../server/wire.ts'
import { outputAhead } from '../smtp/limits.ts'

/** A wire whose client is a test. */
export class FakeWire implements Wire {
  readonly remote: Endpoint
  readonly local: Endpoint = { address: '192.0.2.1', port: 25, host: undefined }
  readonly #input: Uint8Array[] = []
  #ended = false
  #isReset = false
  #closed = false
  #reader: ((read: Read) => void) | undefined
  #watcher: Parameters<Wire['watch']>[0] | undefined
  #pending = ''
  #sent = ''

  constructor(remote: Partial<Endpoint> = {}) {
    this.remote = { address: '192.0.2.99', port: 40_000, host: 'client.example.org', ...remote }
  }

  /** What the client has received and not looked at yet. */
  takeOutput(): string {
    const sent = this.#sent
    this.#sent = ''
    return sent
  }

  /** True while the server waits for the client, or has closed: nothing happens by itself any more. */
  get isIdle(): boolean {
    return this.#closed || this.#reader !== undefined
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** The client sends octets. */
  send(octets: Uint8Array): void {
    if (this.#closed) return
    this.#watcher?.input()
    if (!this.#give(octets)) this.#input.push(octets)
  }

  /** The client sends nothing more, but listens. */
  sendEnd(): void {
    this.#ended = true
    this.#watcher?.input()
    this.#give('eof')
  }

  /** The connection breaks. */
  breakOff(): void {
    this.#isReset = true
    this.#give('reset')
    this.#watcher?.reset()
  }

  get buffered(): number {
    return this.#input.reduce((sum, { length }) => sum + length, 0)
  }

  watch(watcher: Parameters<Wire['watch']>[0]): void {
    this.#watcher = watcher
  }

  read(): Read | Promise<Read> {
    const octets = this.#input.shift()
    if (octets !== undefined) return octets
    if (this.#isReset) return 'reset'
    if (this.#ended) return 'eof'
    return new Promise((resolve) => {
      this.#reader = resolve
    })
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
    this.#pending += text
    return this.#pending.length >= outputAhead
  }

  flush(): Promise<void> | undefined {
    if (!this.#isReset) this.#sent += this.#pending
    this.#pending = ''
    return undefined
  }

  async end(): Promise<void> {
    void this.flush()
    this.#closed = true
  }

  destroy(): void {
    this.#closed = true
    this.breakOff()
  }
}
