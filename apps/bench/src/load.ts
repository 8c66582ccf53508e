import { parseArgs } from 'node:util'
import { ClientSession } from './client-session.ts'
import { quantile } from './figures.ts'
import { modes, scriptOf, type Mode, type Script } from './script.ts'
import { testMessage } from './test-message.ts'
import { wholeNumber } from './whole-number.ts'

/** What load to put on a server. */
export interface Load {
  /** Port on 127.0.0.1. */
  readonly port: number
  /** How messages are sent. */
  readonly mode: Mode
  /** How many messages. */
  readonly messages: number
  /** Octets of the body of each. */
  readonly bodyOctets: number
  /** How many connections at the same time. */
  readonly sessions: number
  /** After so many seconds it is given up. */
  readonly timeoutSeconds: number
}

/** What a load came to. */
export interface LoadReport {
  /** Messages that were taken. */
  readonly messages: number
  /** Seconds from the first connection to the end of the last one. */
  readonly seconds: number
  /** Messages a second. */
  readonly messagesPerSecond: number
  /** Median of the transactions in ms; in mode `one` from connecting, else from sending MAIL. */
  readonly p50: number
  /** What 99 of 100 transactions took at most, in ms. */
  readonly p99: number
}

/** How many connections a mode uses at the same time unless it is told. */
export function defaultSessions(mode: Mode): number {
  return mode === 'one' ? 50 : 10
}

/** Sends the messages. Fails with the first reply that was not expected, or at the time limit. */
export async function runLoad(load: Load): Promise<LoadReport> {
  const sender = new Sender(load)
  const limit = new Error(`not done within ${load.timeoutSeconds} s`)
  const timer = setTimeout(() => sender.giveUp(limit), load.timeoutSeconds * 1000)
  const start = performance.now()
  try {
    const shares = divide(load.messages, load.sessions)
    await Promise.all(shares.map((share) => sender.sendShare(share)))
  } catch (error) {
    sender.giveUp(error as Error)
    throw error
  } finally {
    clearTimeout(timer)
  }
  return report(sender.times, (performance.now() - start) / 1000, load.messages)
}

/** The connections of one load. */
class Sender {
  /** What each transaction took, in ms. */
  readonly times: number[] = []
  readonly #load: Load
  readonly #script: Script
  readonly #open = new Set<ClientSession>()
  #failure: Error | undefined

  constructor(load: Load) {
    this.#load = load
    this.#script = scriptOf(load.mode, testMessage(load.bodyOctets))
  }

  /** Sends so many messages one behind the other, over as many connections as the mode asks for. */
  async sendShare(messages: number): Promise<void> {
    if (this.#load.mode !== 'one') return await this.#connect(messages)
    for (let sent = 0; sent < messages; sent++) await this.#connect(1)
  }

  /** Ends all connections, and lets none begin. */
  giveUp(reason: Error): void {
    this.#failure = reason
    for (const session of this.#open) session.abort(reason)
  }

  async #connect(messages: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const session = new ClientSession({
      port: this.#load.port,
      script: this.#script,
      messages,
      delivered: (milliseconds) => void this.times.push(milliseconds),
    })
    this.#open.add(session)
    try {
      await session.finished
    } finally {
      this.#open.delete(session)
    }
  }
}

function report(times: number[], seconds: number, expected: number): LoadReport {
  if (times.length !== expected)
    throw new Error(`${times.length} of ${expected} messages were taken`)
  return {
    messages: times.length,
    seconds,
    messagesPerSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  }
}

/** Splits messages over sessions as evenly as it goes; none gets 0. */
function divide(messages: number, sessions: number): number[] {
  const count = Math.min(messages, sessions)
  const base = Math.floor(messages / count)
  return Array.from({ length: count }, (_, at) => base + (at < messages % count ? 1 : 0))
}

/** Reads what `node src/load.ts` is given. */
function loadFrom(args: string[]): Load {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      mode: { type: 'string', default: 'many' },
      messages: { type: 'string', default: '10000' },
      size: { type: 'string', default: '4096' },
      sessions: { type: 'string' },
      timeout: { type: 'string', default: '120' },
    },
  })
  const mode = modes.find((known) => known === values.mode)
  if (mode === undefined) throw new Error(`--mode ${values.mode}: not one of ${modes.join(', ')}`)
  return {
    port: wholeNumber('port', values.port ?? '', 1),
    mode,
    messages: wholeNumber('messages', values.messages, 1),
    bodyOctets: wholeNumber('size', values.size, 2),
    sessions: values.sessions ? wholeNumber('sessions', values.sessions, 1) : defaultSessions(mode),
    timeoutSeconds: wholeNumber('timeout', values.timeout, 1),
  }
}

if (import.meta.main) {
  try {
    process.stdout.write(`${JSON.stringify(await runLoad(loadFrom(process.argv.slice(2))))}\n`)
  } catch (error) {
    process.stderr.write(`load: ${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
