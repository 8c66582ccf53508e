import { writeSync } from 'node:fs'
import { styleText } from 'node:util'
import type { LogLevel, LogRecord, LogSink } from '@qpsmtpd/core'

/** Octets that are gathered before they are written without waiting for the end of the turn. */
const gathered = 65_536

/** Tries to write to a pipe that is full, before the lines are given up: whoever reads it is gone or hangs. */
const mostTries = 1_000

/** Milliseconds that a line may wait for others: a write costs more than the line. */
const gatherTime = 50

/** Writes log lines to a file descriptor, those of a short while together; errors at once. */
export class LogLines {
  readonly #descriptor: number
  readonly #format: (record: LogRecord) => string
  #pending = ''
  #isScheduled = false

  constructor(descriptor: number, format: (record: LogRecord) => string) {
    this.#descriptor = descriptor
    this.#format = format
  }

  readonly sink: LogSink = (record) => {
    this.#pending += `${this.#format(record)}\n`
    if (record.level === 'error' || this.#pending.length > gathered) return this.flush()
    if (this.#isScheduled) return
    this.#isScheduled = true
    setTimeout(() => {
      this.#isScheduled = false
      this.flush()
    }, gatherTime)
  }

  /** Writes what was gathered, before it returns. */
  flush(): void {
    const octets = Buffer.from(this.#pending)
    this.#pending = ''
    let tries = 0
    for (let at = 0; at < octets.length;) {
      try {
        at += writeSync(this.#descriptor, octets, at)
      } catch (error) {
        tries += 1
        // A log that can't be written must not stop the mail.
        if ((error as { readonly code?: string }).code !== 'EAGAIN' || tries > mostTries) return
      }
    }
  }
}

/** One plain line, for multilog and the like, which put the time before it: process, session, who says it, what. */
export function plainLine({ level, text, session, plugin }: LogRecord): string {
  const grave = gravity[level]
  return `${process.pid}${session === undefined ? '' : ` ${session}`}${plugin === undefined ? '' : ` ${plugin}:`}${grave === undefined ? '' : ` ${grave}:`} ${oneLine(text)}`
}

/** A line for a person at a terminal. */
export function prettyLine({ level, text, at, session, plugin }: LogRecord): string {
  const time = styleText('gray', new Date(at).toTimeString().slice(0, 8))
  const who = [session, plugin].filter((part) => part !== undefined).join(' ')
  const said =
    level === 'error'
      ? styleText('red', oneLine(text))
      : level === 'warning'
        ? styleText('yellow', oneLine(text))
        : oneLine(text)
  return `${time} ${who === '' ? '' : `${styleText('cyan', who)} `}${said}`
}

const gravity: { readonly [L in LogLevel]?: string } = {
  emergency: 'EMERGENCY',
  alert: 'ALERT',
  critical: 'CRITICAL',
  error: 'ERROR',
  warning: 'WARNING',
}

/** Makes control octets visible: a client's words may not begin a line of their own, nor move a cursor. */
export const oneLine = (text: string): string =>
  text.replace(
    /[\0-\x1f\x7f-\x9f]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

/** Log lines on stderr, in the form that fits whoever reads them. */
export function stderrLines(): LogLines {
  return new LogLines(2, process.stderr.isTTY ? prettyLine : plainLine)
}
