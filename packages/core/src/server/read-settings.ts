import { type LogLevel, parseLogLevel } from '../log/logger.ts'
import { type Config, ConfigError, type Parse } from '../plugin/config.ts'
import * as limits from '../smtp/limits.ts'
import type { ServerSettings } from './generation.ts'

/** Reads what the server itself has to know. @throws ConfigError that names file and line. */
export function readSettings(config: Config, version: string): ServerSettings {
  const number = (name: string, fallback: number, least = 0): number =>
    config.use(name, numberOf(name, fallback, least)).current
  const seconds = (name: string, fallback: number): number =>
    Math.min(number(name, fallback / 1_000, 1), mostSeconds) * 1_000
  return {
    me: config.use('me', hostName).current,
    smtpgreeting: config.use('smtpgreeting', ([line]) => line).current,
    version,
    carries: undefined,
    heard: undefined,
    databytes: number('databytes', 0),
    bareNewline: config.use('bare_newline', bareNewline).current,
    maxErrors: number('max_errors', limits.errors),
    maxRecipients: number('max_recipients', limits.recipients, 1),
    timeout: config.use(['timeoutsmtpd', 'timeout'], idleTime).current,
    reportsLines: config.use('loglevel', logLevel).current === 'debug',
    logLevel: config.use('loglevel', logLevel).current,
    maxConnections: number('max_connections', limits.connections, 1),
    maxConnectionsPerAddress: number(
      'max_connections_per_address',
      limits.connectionsPerAddress,
      1,
    ),
    pluginTimeout: seconds('plugin_timeout', limits.hookTime),
    sizeThreshold: number('size_threshold', limits.bodyInMemory),
  }
}

/** The longest time that can be asked for: a timer of Node holds no more. */
const mostSeconds = 2_000_000

function numberOf(name: string, fallback: number, least: number): Parse<number> {
  return ([line], where) => {
    if (line === undefined) return fallback
    const value = Number(line)
    if (!/^\d{1,15}$/.test(line) || value < least)
      throw new ConfigError(
        `${where(0)}: ${name} must be a whole number of at least ${least}, not "${line}"`,
      )
    return value
  }
}

/** `timeoutsmtpd` before `timeout`, as 1.0; 0 and less is 1, as qmail-smtpd. */
const idleTime: Parse<number> = ([line], where) => {
  if (line === undefined) return limits.idleTime
  if (!/^-?\d{1,15}$/.test(line))
    throw new ConfigError(`${where(0)}: the time-out must be a number of seconds, not "${line}"`)
  return Math.min(Math.max(1, Number(line)), mostSeconds) * 1_000
}

const hostName: Parse<string> = ([line], where) => {
  if (line === undefined) throw new ConfigError('me: no host name; write one into the file "me"')
  if (!/^[A-Za-z0-9._[\]:-]{1,255}$/.test(line))
    throw new ConfigError(`${where(0)}: "${line}" is no host name to greet with`)
  return line
}

const bareNewline: Parse<'reject' | 'normalize'> = ([line = 'reject'], where) => {
  if (line === 'reject' || line === 'normalize') return line
  throw new ConfigError(`${where(0)}: bare_newline must be reject or normalize, not "${line}"`)
}

const logLevel: Parse<LogLevel> = ([line = 'info'], where) => {
  const level = parseLogLevel(line)
  if (level === undefined)
    throw new ConfigError(
      `${where(0)}: loglevel must be 0 to 7 or a name such as info, not "${line}"`,
    )
  return level
}
