import type { Logger } from '../log/logger.ts'

/** The lines of one configuration value, and where they stand. */
export interface ConfigValues {
  readonly lines: readonly string[]
  /** Where the value comes from: a file's path, an environment variable, a plugin, a default. */
  readonly source: string
  /** Where one of the lines stands: `config/rcpthosts:3`. */
  where(index: number): string
}

/** Finds configuration values by their name. */
export interface ConfigSource {
  /** @throws ConfigError where there is such a value, but it can't be read. */
  lookup(name: string): ConfigValues | undefined
}

/** Something in the configuration is wrong. The message says what, where, and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads lines into what is needed of them. @throws ConfigError, or any error: the file and line are put before its message. */
export type Parse<T> = (lines: readonly string[], where: (index: number) => string) => T

/** A configuration value, parsed. */
export interface Setting<T> {
  /** Needs no promise. A value that can't be parsed any more keeps the one it had. */
  readonly current: T
}

/** The configuration as plugins see it. */
export interface Config {
  /** The lines of one value, or of several one behind the other, parsed when they change and at no other time. @throws as `parse` does, at the start. */
  use<T>(names: string | readonly string[], parse: Parse<T>): Setting<T>
}

interface Use {
  readonly names: readonly string[]
  readonly refresh: () => void
}

/** A configuration of one generation: what files and environment say, and what plugins say instead. */
export class Configuration implements Config {
  readonly #source: ConfigSource
  readonly #log: Logger
  readonly #overrides = new Map<string, ConfigValues>()
  readonly #uses: Use[] = []

  constructor(source: ConfigSource, log: Logger) {
    this.#source = source
    this.#log = log
  }

  /** The value of that name, plugins first. */
  lookup(name: string): ConfigValues | undefined {
    return this.#overrides.get(name) ?? this.#source.lookup(name)
  }

  /** All names that were asked for. */
  get names(): ReadonlySet<string> {
    return new Set(this.#uses.flatMap(({ names }) => names))
  }

  /** Puts what a plugin says in place of files and environment; a value that it spoils keeps what it had. */
  override(name: string, values: ConfigValues): void {
    this.#overrides.set(name, values)
    for (const use of this.#uses) if (use.names.includes(name)) use.refresh()
  }

  use<T>(names: string | readonly string[], parse: Parse<T>): Setting<T> {
    const list = typeof names === 'string' ? [names] : names
    const read = (): T => {
      const found = list.map((name) => this.lookup(name)).filter((values) => values !== undefined)
      const { lines, where } = joined(found)
      return parse(lines, where)
    }
    const setting = { current: read() }
    const refresh = (): void => {
      try {
        setting.current = read()
      } catch (error) {
        this.#log.error(`${list.join(', ')}: ${messageOf(error)}; the value before stays in force`)
      }
    }
    this.#uses.push({ names: list, refresh })
    return setting
  }
}

function joined(found: readonly ConfigValues[]): Pick<ConfigValues, 'lines' | 'where'> {
  const [only] = found
  if (only !== undefined && found.length === 1)
    return { lines: only.lines, where: (index) => only.where(index) }
  const where = (index: number): string => {
    let rest = index
    for (const values of found) {
      if (rest < values.lines.length) return values.where(rest)
      rest -= values.lines.length
    }
    return 'end of configuration'
  }
  return { lines: found.flatMap(({ lines }) => lines), where }
}

/** What an error, or anything else that was thrown, has to say. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
