import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { patience } from './program.ts'

/** What a message is sent with. */
export interface Mail {
  readonly from?: string
  readonly to?: readonly string[]
  /** Lines end with CRLF, dots are not doubled yet. */
  readonly content?: string
}

/** An SMTP client that says what it is told, line by line. */
export class LineClient implements Disposable {
  /** What the server said first. */
  greeting = ''
  readonly #socket: Socket
  readonly #events = new EventEmitter()
  #input = ''
  #isOver = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#input += text
      this.#events.emit('more')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#isOver = true
      this.#events.emit('more')
    })
  }

  /** Connects and waits for the greeting. Rejects with the error of the socket. */
  static async greeted(port: number): Promise<LineClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect', { signal: AbortSignal.timeout(patience) })
    const client = new LineClient(socket)
    client.greeting = await client.reply()
    if (!client.greeting.startsWith('220 ')) throw new Error(client.greeting)
    return client
  }

  /** Sends a line. */
  send(line: string): void {
    this.#socket.write(`${line}\r\n`, 'latin1')
  }

  /** The next reply, its lines joined by LF. */
  async reply(): Promise<string> {
    const signal = AbortSignal.timeout(patience)
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#input)?.[0]
      if (whole !== undefined) {
        this.#input = this.#input.slice(whole.length)
        return whole.trimEnd().replaceAll('\r\n', '\n')
      }
      if (this.#isOver || signal.aborted)
        throw new Error(`no reply, but ${JSON.stringify(this.#input)}`)
      await once(this.#events, 'more', { signal }).catch(() => undefined)
    }
  }

  /** Says a line and hears the reply. */
  async say(line: string): Promise<string> {
    this.send(line)
    return this.reply()
  }

  /** Goes as far as the content: what the server says to DATA. */
  async begin({ from = 'ann@example.org', to = ['bob@example.com'] }: Mail = {}): Promise<string> {
    await this.say('EHLO client.example.org')
    await this.say(`MAIL FROM:<${from}>`)
    for (const recipient of to) await this.say(`RCPT TO:<${recipient}>`)
    return this.say('DATA')
  }

  /** Sends a whole message; what the server says to it. */
  async mail(mail: Mail = {}): Promise<string> {
    await this.begin(mail)
    const { content = 'Subject: hello\r\n\r\nIt works.\r\n' } = mail
    this.#socket.write(content.replace(/^\./gm, '..'), 'latin1')
    return this.say('.')
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    const signal = AbortSignal.timeout(patience)
    while (!this.#isOver) await once(this.#events, 'more', { signal })
  }

  /** Breaks the connection off, with RST. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}
