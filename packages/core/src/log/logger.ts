/** Syslog's levels, from the gravest to the most talkative, as qpsmtpd's `loglevel` numbers them from 0 to 7. */
export const logLevels = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const

/** How grave a line is. */
export type LogLevel = (typeof logLevels)[number]

/** One line of the log, before a sink gives it a form. */
export interface LogRecord {
  readonly level: LogLevel
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** The session it belongs to. */
  readonly session: string | undefined
  /** The plugin that says it. */
  readonly plugin: string | undefined
}

/** Takes log lines. A sink never throws. */
export type LogSink = (record: LogRecord) => void

/** Writes log lines for one part of the server, session or plugin. */
export interface Logger {
  /** True where a line of that level would be written: ask before building a costly one. */
  writes(level: LogLevel): boolean
  error(text: string): void
  warning(text: string): void
  notice(text: string): void
  info(text: string): void
  debug(text: string): void
}

/** Who speaks, and how much of it is wanted. */
export interface LogScope {
  /** Graver levels than this, and this, are written. */
  readonly level: LogLevel
  readonly session?: string | undefined
  readonly plugin?: string | undefined
}

/** A logger for a sink. `now` gives milliseconds since 1970. */
export function createLogger(sink: LogSink, now: () => number, scope: LogScope): Logger {
  return new SinkLogger(sink, now, scope)
}

/** Made anew for nearly every line, so it is no more than its fields. */
class SinkLogger implements Logger {
  readonly #sink: LogSink
  readonly #now: () => number
  readonly #most: number
  readonly #session: string | undefined
  readonly #plugin: string | undefined

  constructor(sink: LogSink, now: () => number, { level, session, plugin }: LogScope) {
    this.#sink = sink
    this.#now = now
    this.#most = gravity[level]
    this.#session = session
    this.#plugin = plugin
  }

  writes(level: LogLevel): boolean {
    return gravity[level] <= this.#most
  }

  error(text: string): void {
    this.#write('error', text)
  }

  warning(text: string): void {
    this.#write('warning', text)
  }

  notice(text: string): void {
    this.#write('notice', text)
  }

  info(text: string): void {
    this.#write('info', text)
  }

  debug(text: string): void {
    this.#write('debug', text)
  }

  #write(level: LogLevel, text: string): void {
    if (!this.writes(level)) return
    this.#sink({ level, text, at: this.#now(), session: this.#session, plugin: this.#plugin })
  }
}

const gravity = Object.fromEntries(logLevels.map((level, index) => [level, index])) as {
  readonly [L in LogLevel]: number
}

/** Reads a `loglevel`: 0 to 7, or a name, qpsmtpd's LOGINFO included. Undefined where it is none. */
export function parseLogLevel(text: string): LogLevel | undefined {
  if (/^[0-7]$/.test(text)) return logLevels[+text]
  const name = text.toLowerCase().replace(/^log/, '')
  return logLevels.find((level) => level === name) ?? logLevels[shortNames.indexOf(name)]
}

const shortNames: readonly string[] = [
  'emerg',
  'alert',
  'crit',
  'err',
  'warn',
  'notice',
  'info',
  'debug',
]
