import type { Socket } from 'node:net'

const CR = 13
const LF = 10
const LOWER = 0x20
const endOfData = Buffer.from('\r\n.\r\n')

const replies = {
  ok: '250 ok\r\n',
  ehlo: '250-floor\r\n250-PIPELINING\r\n250 8BITMIME\r\n',
  data: '354 go on\r\n',
  bye: '221 bye\r\n',
  unknown: '500 what?\r\n',
} as const

// First octets of the commands, in lower case. M, R and N (MAIL, RCPT, RSET, NOOP) all get the same 250.
const D = 0x64
const E = 0x65
const H = 0x68
const M = 0x6d
const N = 0x6e
const Q = 0x71
const R = 0x72

/** Reads octets of one SMTP client and says what to reply. It keeps nothing but where it stands. */
export class FloorSession {
  /** First octet of the command line that has begun, 0 between two lines. */
  #verb = 0
  /** How many octets of CRLF `.` CRLF came last, while in the data; -1 among the commands. */
  #matched = -1
  /** True once QUIT came; what follows it is not read. */
  #ended = false

  /** True once QUIT came. */
  get ended(): boolean {
    return this.#ended
  }

  /** Reads a chunk. @returns the replies it asks for, joined; '' where there are none yet. */
  read(chunk: Buffer): string {
    const { length } = chunk
    let text = ''
    let at = 0
    while (at < length) {
      if (this.#matched >= 0) {
        at = this.#skipData(chunk, at)
        if (this.#matched >= 0) break
        text += replies.ok
        continue
      }
      const verb = this.#verb === 0 ? chunk[at]! : this.#verb
      // Command lines are short: a loop costs less than a native search.
      while (at < length && chunk[at] !== LF) at += 1
      if (at === length) {
        this.#verb = verb
        break
      }
      at += 1
      this.#verb = 0
      text += this.#reply(verb)
      if (this.#ended) break
    }
    return text
  }

  #reply(verb: number): string {
    switch (verb | LOWER) {
      case M:
      case R:
      case N:
        return replies.ok
      case D:
        // The CRLF of the command line is the first half of an end: the data may be empty.
        this.#matched = 2
        return replies.data
      case E:
      case H:
        return replies.ehlo
      case Q:
        this.#ended = true
        return replies.bye
      default:
        return replies.unknown
    }
  }

  /** Skips data from `from`. @returns where to go on; `#matched` is -1 if that is behind the end of the data. */
  #skipData(chunk: Buffer, from: number): number {
    const { length } = chunk
    let matched = this.#matched
    let at = from
    while (matched > 0 && at < length) {
      const octet = chunk[at]!
      at += 1
      if (octet !== endOfData[matched]) matched = octet === CR ? 1 : 0
      else if (matched === endOfData.length - 1) {
        this.#matched = -1
        return at
      } else matched += 1
    }
    if (at < length) {
      const end = chunk.indexOf(endOfData, at)
      if (end !== -1) {
        this.#matched = -1
        return end + endOfData.length
      }
      matched = begunAtEnd(chunk, at)
    }
    this.#matched = matched
    return length
  }
}

/** How many octets of an end of data the chunk ends with, looking no further back than `from`. */
function begunAtEnd(chunk: Buffer, from: number): number {
  const { length } = chunk
  for (let size = Math.min(endOfData.length - 1, length - from); size > 0; size--) {
    if (endOfData.compare(chunk, length - size, length, 0, size) === 0) return size
  }
  return 0
}

/** Serves one SMTP client on a socket that has just been accepted. */
export function serveFloor(socket: Socket): void {
  const session = new FloorSession()
  socket.on('data', (chunk: Buffer) => {
    const text = session.read(chunk)
    if (text === '') return
    socket.write(text, 'latin1')
    if (!session.ended) return
    // With nothing left to write, closing at once saves a shutdown and waiting for the client's end.
    if (socket.writableLength === 0) socket.destroy()
    else socket.end()
  })
  socket.on('error', ignore)
  socket.write('220 floor ESMTP\r\n', 'latin1')
}

// A client that went away is no concern of the floor.
function ignore(): void {}
