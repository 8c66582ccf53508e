import {
  ConfigError,
  createLogger,
  listen,
  type Listener,
  type Logger,
  type LogLevel,
  MemoryStore,
  messageOf,
  Server,
  SpoolDirectory,
  systemClock,
  type Wire,
} from '@qpsmtpd/core'
import { type Assembly, assemble, type Foundation } from './assembly.ts'
import { ConfigDirectory } from './config-directory.ts'
import { ConfigReading } from './config-reading.ts'
import { listenAddresses, usualPort } from './listen-addresses.ts'
import { type LogLines, stderrLines } from './log-lines.ts'
import { givenLevel, type ServeOptions } from './options.ts'
import { Recordings } from './recordings.ts'
import { refuseRelayClient } from './relay-client.ts'
import { spoolPlace } from './spool-place.ts'
import { version } from './version.ts'
import { watchDirectory } from './watch-directory.ts'

/** Serves until it is told to stop. Resolves with the exit code. @throws ConfigError where it can't begin. */
export async function serve(options: ServeOptions): Promise<number> {
  refuseRelayClient(process.env)
  const lines = stderrLines()
  try {
    return await new Daemon(options, lines).run()
  } finally {
    lines.flush()
  }
}

/** Values that a running server can't change. */
const readOnce = ['IP', 'spool_dir', 'size_threshold'] as const

/** Milliseconds between two lines about connections that are not accepted. */
const complaintTime = 10_000

class Daemon {
  readonly #options: ServeOptions
  readonly #lines: LogLines
  readonly #foundation: Foundation
  #log: Logger
  #listeners: readonly Listener[] = []
  /** When the next connection that is not accepted may be logged, milliseconds since 1970. */
  #nextComplaint = 0
  /** What is read at the start alone: the lines of those values. */
  readonly #fixed = new Map<string, string | undefined>()
  /** What the configuration in force was read from. */
  #read: ConfigReading | undefined
  #names: readonly string[] = []
  #files: readonly string[] = []
  #reloading: Promise<void> = Promise.resolve()

  constructor(options: ServeOptions, lines: LogLines) {
    this.#options = options
    this.#lines = lines
    this.#foundation = {
      clock: systemClock,
      sink: lines.sink,
      store: new MemoryStore(systemClock),
      logLevel: givenLevel(options),
    }
    this.#log = this.#logger('info')
  }

  async run(): Promise<number> {
    const { directory, assembly } = await this.#assemble()
    const { generation, config } = assembly
    for (const name of readOnce) this.#fixed.set(name, config.lookup(name)?.lines.join('\n'))
    this.#log = this.#logger(generation.settings.logLevel)
    const spool = await SpoolDirectory.use(spoolPlace(config), generation.settings.sizeThreshold)
    const { record } = this.#options
    const recordings = record === undefined ? undefined : new Recordings(record, this.#log)
    const server = new Server(generation, {
      ...(recordings && { recorder: recordings.recorder }),
      clock: systemClock,
      spool,
      sink: this.#foundation.sink,
      idPrefix: `${Math.floor(Date.now() / 1_000).toString(36)}-${process.pid.toString(36)}`,
    })
    await generation.host.ask('startOnce', undefined, [])
    await generation.start()
    await this.#listen(assembly, server)
    this.#greet(assembly, spool.path)
    this.#take(directory, assembly)
    const stopWatching = watchDirectory(directory.path, () => this.#reload(server, 'changed'))
    process.on('SIGHUP', () => this.#reload(server, 'asked'))
    const code = await this.#untilStopped()
    stopWatching()
    await this.#stop(server)
    return code
  }

  async #assemble(): Promise<{ directory: ConfigDirectory; assembly: Assembly }> {
    const directory = new ConfigDirectory(this.#options.config, process.env)
    return { directory, assembly: await assemble(directory, this.#foundation) }
  }

  async #listen({ config }: Assembly, server: Server): Promise<void> {
    const { addresses, warning } = listenAddresses(this.#options.listen, config, usualPort())
    if (warning !== undefined) this.#log.warning(warning)
    const accept = (wire: Wire): void => void server.accept(wire)
    const failed = (error: Error): void => this.#notAccepted(error)
    const listeners: Listener[] = []
    for (const address of addresses) {
      try {
        listeners.push(await listen(address, accept, failed))
      } catch (error) {
        for (const listener of listeners) listener.close()
        throw new ConfigError(
          `can't listen on ${address.host ?? '0'}:${address.port}: ${reasonOf(error)}`,
        )
      }
    }
    this.#listeners = listeners
  }

  /** Not for each: for want of descriptors there are many, one after the other. */
  #notAccepted(error: Error): void {
    const now = systemClock.now()
    if (now < this.#nextComplaint) return
    this.#nextComplaint = now + complaintTime
    this.#log.error(`a connection was not accepted: ${error.message}`)
  }

  #greet({ generation, plugins, warnings }: Assembly, spool: string): void {
    for (const warning of warnings) this.#log.warning(warning)
    const [first] = this.#listeners
    this.#log.notice(
      `qpsmtpd ${version} as ${generation.settings.me}, plugins: ${plugins.map(({ word }) => word).join(' ')}`,
    )
    this.#log.info(`spooling in ${spool}`)
    const { record } = this.#options
    if (record !== undefined)
      this.#log.warning(`recording every session, mail included, in ${record}`)
    for (const { address } of this.#listeners) this.#log.notice(`listening on ${address}`)
    if (first === undefined || !process.stderr.isTTY) return
    this.#log.notice(
      `a first mail: printf 'Subject: hello\\r\\n\\r\\nIt works.\\r\\n' | curl -sS smtp://${first.address} ` +
        `--mail-from me@example.org --mail-rcpt postmaster@${generation.settings.me} -T -`,
    )
  }

  /** One after the other: what was written last is what stays in force. */
  #reload(server: Server, why: 'asked' | 'changed'): void {
    this.#reloading = this.#reloading.then(() => this.#readAgain(server, why))
  }

  /** A new configuration for new sessions; a broken one is refused, and the old one stays in force. */
  async #readAgain(server: Server, why: 'asked' | 'changed'): Promise<void> {
    try {
      const now = this.#reading()
      const changed = this.#read?.changedIn(now) ?? []
      // A file that nobody has read: an editor's, for instance.
      if (why === 'changed' && changed.length === 0) return
      // Also where it is refused: what is not mended is not complained about again.
      this.#read = now
      const { directory, assembly } = await this.#assemble()
      // Neither can be changed now, but a mistake in them must not wait for the next start.
      listenAddresses(this.#options.listen, assembly.config, usualPort())
      spoolPlace(assembly.config)
      await assembly.generation.start()
      this.#take(directory, assembly)
      this.#log = this.#logger(assembly.generation.settings.logLevel)
      this.#log.notice(
        `the configuration was read again${changed.length > 0 ? `; changed: ${changed.join(' ')}` : ''}`,
      )
      this.#warnOfFixed(assembly)
      for (const warning of assembly.warnings) this.#log.warning(warning)
      // Not waited for: its last session may stay for long.
      server.use(assembly.generation).catch((error: unknown) => {
        this.#log.error(`the configuration before has not stopped well: ${messageOf(error)}`)
      })
    } catch (error) {
      const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
      for (const one of errors)
        this.#log.error(
          `the new configuration is refused, the old one stays in force: ${messageOf(one)}`,
        )
    }
  }

  /** Remembers what was read, and which names and files that were. */
  #take(directory: ConfigDirectory, { plugins }: Assembly): void {
    this.#names = directory.names
    this.#files = plugins.map(({ file }) => file).filter((file) => file !== undefined)
    this.#read = new ConfigReading(directory, this.#names, this.#files)
  }

  #reading(): ConfigReading {
    const directory = new ConfigDirectory(this.#options.config, process.env)
    return new ConfigReading(directory, this.#names, this.#files)
  }

  /** What is read once, at the start, may not be taken for changed. */
  #warnOfFixed({ config }: Assembly): void {
    for (const name of readOnce) {
      const lines = config.lookup(name)?.lines.join('\n')
      if (lines !== this.#fixed.get(name))
        this.#log.warning(`${name} has changed: that takes effect at the next start`)
    }
  }

  #untilStopped(): Promise<number> {
    return new Promise((resolve) => {
      let isAsked = false
      const stop = (signal: string): void => {
        if (isAsked) {
          // Whoever asks a second time does not want to wait.
          this.#log.warning(`${signal} again: not waiting any longer`)
          this.#lines.flush()
          process.exit(1)
        }
        isAsked = true
        this.#log.notice(`${signal}: stopping`)
        resolve(0)
      }
      process.on('SIGTERM', () => stop('SIGTERM'))
      process.on('SIGINT', () => stop('SIGINT'))
      // Nobody knows what is still whole: messages that are on their way are taken, then this process ends.
      process.on('uncaughtException', (error) => {
        this.#log.error(`nobody caught: ${error.stack ?? error.message}`)
        resolve(1)
      })
    })
  }

  async #stop(server: Server): Promise<void> {
    for (const listener of this.#listeners) listener.close()
    await server.drain()
    await server.generation.host.ask('stopOnce', undefined, [])
    this.#log.notice('stopped')
    this.#lines.flush()
  }

  #logger(level: LogLevel): Logger {
    const { sink, logLevel } = this.#foundation
    return createLogger(sink, () => systemClock.now(), { level: logLevel ?? level })
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: string }
  if (code === 'EADDRINUSE')
    return 'another program listens there; stop it, or name another port: --listen ADDRESS:PORT'
  if (code === 'EACCES') return 'this user may not have that port; try one above 1023'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address'
  return messageOf(error)
}
