import type { PluginHost } from '../plugin/host.ts'
import type { LogLevel } from '../log/logger.ts'
import type { Settings } from '../session/settings.ts'

/** What the server has to know of the configuration, besides what each session has to know. */
export interface ServerSettings extends Settings {
  readonly logLevel: LogLevel
  /** Sessions at once. */
  readonly maxConnections: number
  /** Sessions of one client address at once, loopback exempt. */
  readonly maxConnectionsPerAddress: number
  /** Milliseconds for a handler. */
  readonly pluginTimeout: number
  /** Octets of a body that are kept in memory. */
  readonly sizeThreshold: number
}

/** One configuration with its plugins. A session keeps the one it began with; `stop` is told when the last one has ended. */
export class Generation {
  readonly settings: ServerSettings
  readonly host: PluginHost
  #sessions = 0
  #retired = false
  #stopped: Promise<void> | undefined
  readonly #idle = Promise.withResolvers<void>()

  constructor(settings: ServerSettings, host: PluginHost) {
    this.settings = { ...settings, carries: host.carries, heard: host.heard }
    this.host = host
  }

  /** Tells the plugins that they are in service. */
  async start(): Promise<void> {
    await this.host.ask('start', undefined, [])
  }

  /** A session begins. */
  enter(): void {
    this.#sessions += 1
  }

  /** A session has ended. */
  leave(): void {
    this.#sessions -= 1
    this.#settle()
  }

  /** No new session begins. Resolves when the last one has ended and the plugins have stopped. */
  async retire(): Promise<void> {
    this.#retired = true
    this.#settle()
    await this.#idle.promise
    this.#stopped ??= this.#stop()
    await this.#stopped
  }

  #settle(): void {
    if (this.#retired && this.#sessions === 0) this.#idle.resolve()
  }

  async #stop(): Promise<void> {
    await this.host.ask('stop', undefined, [])
  }
}
