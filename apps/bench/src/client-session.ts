import { connect, type Socket } from 'node:net'
import type { Script, Step } from './script.ts'

/** What one connection is to do. */
export interface ClientWork {
  /** Port on 127.0.0.1. */
  readonly port: number
  /** What is sent. */
  readonly script: Script
  /** How many messages to send: 1 or more. */
  readonly messages: number
  /** Told of each message that was taken: how many ms its transaction took. */
  readonly delivered: (milliseconds: number) => void
}

const noStep = -1

/** One connection of an SMTP client that sends messages by a script and checks each reply. */
export class ClientSession {
  readonly #work: ClientWork
  readonly #socket: Socket
  readonly #settle: PromiseWithResolvers<void> = Promise.withResolvers()
  /** Steps being run, and where among them; they change from head to each to last. */
  #steps: readonly Step[]
  #at = noStep
  #messagesLeft: number
  /** How many replies to the step have come. */
  #replied = 0
  /** Octets of a reply line that is not whole yet. */
  #rest = ''
  #done = false
  /** When the transactions that are under way began, in ms. */
  readonly #opened: number[] = []

  constructor(work: ClientWork) {
    this.#work = work
    this.#messagesLeft = work.messages
    this.#steps = work.script.head
    this.#socket = connect({
      port: work.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(4096),
        callback: (size, buffer) => this.#read(size, buffer),
      },
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#closed())
    this.#next()
  }

  /** Settles when the server has closed behind QUIT; fails on a reply that was not expected. */
  get finished(): Promise<void> {
    return this.#settle.promise
  }

  /** Gives the connection up; `finished` fails with the reason. */
  abort(reason: Error): void {
    this.#fail(reason)
  }

  #read(size: number, buffer: Uint8Array): boolean {
    const text = this.#rest + (buffer as Buffer).toString('latin1', 0, size)
    let start = 0
    for (;;) {
      const end = text.indexOf('\r\n', start)
      if (end === -1) break
      // A hyphen behind the code says that more lines of this reply follow. RFC 5321 §4.2.1.
      const isLast = text[start + 3] !== '-'
      if (isLast || !this.#expects(text, start)) this.#reply(text, start, end)
      start = end + 2
    }
    this.#rest = text.slice(start)
    if (this.#rest.length > 2048) this.#fail(new Error(`no end of a reply: ${this.#rest}`))
    return true
  }

  #expects(text: string, start: number): boolean {
    const code = this.#steps[this.#at]?.codes[this.#replied]
    return code !== undefined && text.startsWith(code, start)
  }

  #reply(text: string, start: number, end: number): void {
    const step = this.#steps[this.#at]
    if (step === undefined || this.#done || !this.#expects(text, start)) {
      const code = step?.codes[this.#replied] ?? 'no reply'
      const sent = step?.octets.toString('latin1', 0, 60).split('\r\n', 1)[0] ?? ''
      const to = sent === '' ? 'as greeting' : `to "${sent}"`
      this.#fail(new Error(`expected ${code} ${to}, got "${text.slice(start, end)}"`))
      return
    }
    if (step.delivers && this.#replied === 0) {
      this.#work.delivered(performance.now() - this.#opened.shift()!)
    }
    this.#replied += 1
    if (this.#replied === step.codes.length) this.#next()
  }

  /** Sends the next step, or has the server close. */
  #next(): void {
    this.#at += 1
    this.#replied = 0
    if (this.#at >= this.#steps.length) {
      const { script } = this.#work
      if (this.#steps === script.last) {
        this.#done = true
        return
      }
      this.#steps = this.#messagesLeft > 1 ? script.each : script.last
      this.#messagesLeft -= 1
      this.#at = 0
    }
    const step = this.#steps[this.#at]!
    if (step.opens) this.#opened.push(performance.now())
    if (step.octets.length > 0) this.#socket.write(step.octets)
  }

  #closed(): void {
    if (this.#done) this.#settle.resolve()
    else this.#fail(new Error('the server closed the connection too early'))
  }

  #fail(error: Error): void {
    this.#settle.reject(error)
    this.#socket.destroy()
  }
}
