import { ConfigError, type LogLevel, parseLogLevel } from '@qpsmtpd/core'

/** What stands on the command line, whatever the command. */
export interface CommonOptions {
  /** The configuration directory. */
  readonly config?: string
  readonly logLevel?: string
}

/** What `serve` takes besides. */
export interface ServeOptions extends CommonOptions {
  readonly listen?: readonly string[]
  /** A directory for recordings of sessions. */
  readonly record?: string
}

/** The level of `--log-level`, or undefined. @throws ConfigError where it is none. */
export function givenLevel({ logLevel }: CommonOptions): LogLevel | undefined {
  if (logLevel === undefined) return undefined
  const level = parseLogLevel(logLevel)
  if (level === undefined)
    throw new ConfigError(`--log-level must be 0 to 7 or a name such as info, not "${logLevel}"`)
  return level
}
