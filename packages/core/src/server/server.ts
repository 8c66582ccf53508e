import type { ServerEvent } from '../log/event.ts'
import { createLogger, type Logger, type LogSink } from '../log/logger.ts'
import { messageOf } from '../plugin/config.ts'
import type { Clock } from '../plugin/world.ts'
import { draining, tooManySessions } from '../session/replies.ts'
import { RecordedSession } from '../session/recorded-session.ts'
import { Session } from '../session/session.ts'
import type { Peer } from '../session/settings.ts'
import { abortTime, drainTime } from '../smtp/limits.ts'
import { encodeReply } from '../smtp/reply.ts'
import { ConnectionRecord, noParticulars, type Particulars } from './connection-record.ts'
import { Driver } from './driver.ts'
import type { Generation } from './generation.ts'
import { Journal } from './journal.ts'
import { SessionScope } from './session-scope.ts'
import type { Spool } from './spool.ts'
import type { Wire } from './wire.ts'

/** What a server runs on. */
export interface ServerParts {
  readonly clock: Clock
  readonly spool: Spool
  readonly sink: LogSink
  /** What session ids begin with; no other process may use the same. */
  readonly idPrefix: string
  /** Where the recording of a session goes, line by line; undefined where nothing is recorded. */
  readonly recorder?: (session: string) => (line: string) => void
}

/** Milliseconds between two looks at the time: so exact are time-outs. */
const tickTime = 1_000

/** Milliseconds between two lines about the same overload. */
const warningTime = 10_000

/** Joins sessions, plugins, wires and spool; counts sessions, and ends them when it is to stop. */
export class Server {
  readonly #parts: ServerParts
  readonly #drivers = new Set<Driver>()
  readonly #byAddress = new Map<string, number>()
  #generation: Generation
  #ids = 0
  /** When an overload may be logged again, milliseconds since 1970. */
  #nextWarning = 0
  #draining = false
  #ticking = false
  readonly #empty = Promise.withResolvers<void>()

  constructor(generation: Generation, parts: ServerParts) {
    this.#generation = generation
    this.#parts = parts
  }

  /** What new sessions begin with. */
  get generation(): Generation {
    return this.#generation
  }

  /** Sessions now. */
  get sessions(): number {
    return this.#drivers.size
  }

  /** New sessions begin with another configuration. Resolves when the one before is used no more. */
  async use(generation: Generation): Promise<void> {
    const before = this.#generation
    this.#generation = generation
    await before.retire()
  }

  /** Serves a client to the end. Never rejects: what goes wrong stands in the log. */
  async accept(wire: Wire, particulars: Particulars = noParticulars): Promise<void> {
    const generation = this.#generation
    const { address } = wire.remote
    if (this.#draining || this.#isFull(generation, address)) {
      if (!this.#draining) this.#warnOfOverload(generation, address)
      wire.write(encodeReply(this.#draining ? draining : tooManySessions))
      // It has said nothing yet, so nothing is lost when it is not listened to.
      return wire.end(true)
    }
    const driver = this.#driverFor(wire, generation, particulars)
    this.#enter(driver, generation, address)
    try {
      await driver.run()
    } catch (error) {
      const cause = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
      this.#log(generation).error(`session failed: ${cause}`)
      await driver.fail().catch(() => driver.abort())
    } finally {
      this.#leave(driver, generation, address)
    }
  }

  /**
   * Takes no new session, lets messages that are on their way come to their end, and ends all others. What is left
   * after so many milliseconds is cut off. Resolves when no session is left and the plugins have stopped.
   */
  async drain(time: number = drainTime): Promise<void> {
    this.#draining = true
    for (const driver of this.#drivers) driver.drain()
    if (this.#drivers.size === 0) this.#empty.resolve()
    const { clock } = this.#parts
    const stopAborting = clock.after(time, () => {
      for (const driver of this.#drivers) driver.abort()
    })
    // A handler that does not heed its signal can't hold up the end for ever.
    const stopWaiting = clock.after(time + abortTime, () => this.#empty.resolve())
    await this.#empty.promise
    stopAborting()
    stopWaiting()
    if (this.#drivers.size === 0) await this.#generation.retire()
  }

  /** Not for each: whoever is refused comes again. */
  #warnOfOverload(generation: Generation, address: string): void {
    const now = this.#parts.clock.now()
    if (now < this.#nextWarning) return
    this.#nextWarning = now + warningTime
    this.#log(generation).warning(
      `too many connections: ${this.#drivers.size} in all, ${this.#byAddress.get(address) ?? 0} of ${address}`,
    )
  }

  #isFull({ settings }: Generation, address: string): boolean {
    if (this.#drivers.size >= settings.maxConnections) return true
    if (isLoopback(address)) return false
    return (this.#byAddress.get(address) ?? 0) >= settings.maxConnectionsPerAddress
  }

  #driverFor(wire: Wire, generation: Generation, particulars: Particulars): Driver {
    const { clock, spool, sink, idPrefix, recorder } = this.#parts
    const { settings, host } = generation
    this.#ids += 1
    const connection = new ConnectionRecord(
      `${idPrefix}-${this.#ids.toString(36)}`,
      wire,
      particulars,
    )
    const peer = peerOf(connection)
    const session = recorder
      ? new RecordedSession(settings, peer, recorder(connection.id))
      : new Session(settings, peer)
    const scope = new SessionScope({
      connection,
      clock,
      spool,
      sink,
      level: settings.logLevel,
      hears: host.has('event'),
      emit: (event) => emit(generation, event),
      inputWaiting: () => session.inputWaiting + wire.buffered,
    })
    const journal = new Journal(scope, clock, settings.logLevel)
    return new Driver({ session, scope, host, wire, clock, journal })
  }

  #enter(driver: Driver, generation: Generation, address: string): void {
    generation.enter()
    this.#drivers.add(driver)
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
    if (!this.#ticking) this.#tick()
  }

  #leave(driver: Driver, generation: Generation, address: string): void {
    this.#drivers.delete(driver)
    const left = (this.#byAddress.get(address) ?? 1) - 1
    if (left === 0) this.#byAddress.delete(address)
    else this.#byAddress.set(address, left)
    generation.leave()
    if (this.#draining && this.#drivers.size === 0) this.#empty.resolve()
  }

  /** One coarse clock for all sessions, running only while there are any. */
  #tick(): void {
    this.#ticking = this.#drivers.size > 0
    if (!this.#ticking) return
    const now = this.#parts.clock.now()
    for (const driver of this.#drivers) driver.tick(now)
    this.#parts.clock.after(tickTime, () => this.#tick())
  }

  #log({ settings }: Generation): Logger {
    const { sink, clock } = this.#parts
    return createLogger(sink, clock.now, { level: settings.logLevel })
  }
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

function emit({ host }: Generation, event: ServerEvent): void {
  // Handlers of `event` are synchronous, by their type; one that is not is not waited for.
  const told = host.ask('event', undefined, [event])
  if (told instanceof Promise) told.catch(() => undefined)
}

function peerOf({ id, remote, remoteInfo, environment }: ConnectionRecord): Peer {
  // As in 0.26: what stands in a host name and nothing else.
  const host = remote.host?.replace(/[^A-Za-z0-9.-]/g, '') ?? `[${remote.address}]`
  const databytes = Number(environment.get('DATABYTES') ?? Number.NaN)
  return {
    session: id,
    address: remote.address,
    host,
    info: remoteInfo === undefined ? host : `${remoteInfo}@${host}`,
    databytes: Number.isInteger(databytes) && databytes >= 0 ? databytes : undefined,
  }
}
