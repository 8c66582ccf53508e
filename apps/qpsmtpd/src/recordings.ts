import { appendFileSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError, type Logger, messageOf } from '@qpsmtpd/core'

/** Octets of one recording: what comes behind them is left out. */
const longestRecording = 67_108_864

/** Octets that are gathered before they are written. */
const gathered = 65_536

/** Records sessions into files of their own, mode 0600, in a directory of mode 0700. */
export class Recordings {
  /** Absolute. */
  readonly path: string
  readonly #log: Logger

  /** Makes the directory where it is missing. @throws ConfigError where that can't be done. */
  constructor(path: string, log: Logger) {
    this.path = resolve(path)
    this.#log = log
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw new ConfigError(`--record ${this.path}: ${messageOf(error)}`, { cause: error })
    }
  }

  /** Takes the lines of one session. A recording that can't be written is given up, and the session goes on. */
  readonly recorder = (session: string): ((line: string) => void) => {
    const path = join(this.path, `${session}.jsonl`)
    let pending = ''
    let size = 0
    let isOver = false
    const flush = (): void => {
      try {
        appendFileSync(path, pending, { mode: 0o600 })
      } catch (error) {
        isOver = true
        this.#log.error(`recording of ${session} given up: ${messageOf(error)}`)
      }
      pending = ''
    }
    return (line) => {
      if (isOver) return
      size += line.length + 1
      if (size > longestRecording) {
        isOver = true
        this.#log.warning(`recording of ${session} cut at ${longestRecording} octets`)
        return flush()
      }
      pending += `${line}\n`
      // The last effect of every session.
      if (pending.length > gathered || line.startsWith('{"out":{"do":"close"')) flush()
    }
  }
}
