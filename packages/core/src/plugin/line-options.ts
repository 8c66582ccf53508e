import { type LogLevel, parseLogLevel } from '../log/logger.ts'
import { declined, type Declined, type Refusal } from '../hooks/verdict.ts'
import type { Plugin } from './plugin.ts'
import type { Words } from './words.ts'

/** What may stand on any plugin's line; the host takes it off before the plugin reads its words. */
export interface LineOptions {
  /** Milliseconds for each of its handlers; undefined for the hook's own. */
  readonly timeout: number | undefined
  /** How much the plugin logs; undefined for as much as everybody. */
  readonly logLevel: LogLevel | undefined
  /** What becomes of its refusals: said, only logged, or kept for the `naughty` plugin. */
  readonly reject: 'yes' | 'no' | 'naughty'
  /** What its refusals are made to be; undefined for as they are. */
  readonly rejectType: (typeof rejectTypes)[number] | undefined
}

const rejectTypes = ['perm', 'temp', 'disconnect', 'temp_disconnect'] as const

/** Takes the host's options off a line. @throws ConfigError for a value that can't be. */
export function readLineOptions(words: Words, plugin: Pick<Plugin, 'ownsReject'>): LineOptions {
  const seconds = words.number('timeout', undefined, { least: 0.001, most: 86_400 })
  const reject =
    plugin.ownsReject === true ? '1' : words.choice('reject', ['0', '1', 'naughty'], '1')
  return {
    timeout: seconds === undefined ? undefined : seconds * 1_000,
    logLevel: readLogLevel(words),
    reject: reject === 'naughty' ? 'naughty' : reject === '0' ? 'no' : 'yes',
    rejectType: words.choice('reject_type', rejectTypes, undefined),
  }
}

function readLogLevel(words: Words): LogLevel | undefined {
  const word = words.option('loglevel')
  if (word === undefined) return undefined
  const level = parseLogLevel(word)
  if (level === undefined)
    throw words.error(`loglevel must be 0 to 7 or a name such as info, not "${word}"`)
  return level
}

/** A refusal as the line wants it; `declined` where it is not to be said now. */
export function asLineWants(
  verdict: Refusal,
  { reject, rejectType }: LineOptions,
): Refusal | Declined {
  if (reject !== 'yes') return declined
  if (rejectType === undefined) return verdict
  const temporary = rejectType === 'temp' || rejectType === 'temp_disconnect'
  const disconnect = rejectType === 'disconnect' || rejectType === 'temp_disconnect'
  if (temporary === verdict.temporary) return { ...verdict, disconnect }
  // Code and status were of the other class.
  const { text } = verdict
  return { verdict: 'deny', temporary, disconnect, ...(text !== undefined && { text }) }
}
