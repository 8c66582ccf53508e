/**
 * How messages are sent. `one`: one a connection, waiting for each reply. `many`: many a connection,
 * waiting for each reply. `pipelined`: the same, with MAIL, RCPT and DATA in one packet. `ahead`: the
 * same, with the next MAIL, RCPT and DATA in one packet with the content before.
 */
export const modes = ['one', 'many', 'pipelined', 'ahead'] as const

/** One of the modes. */
export type Mode = (typeof modes)[number]

/** What is sent in one packet, and what must come back before the next one is sent. */
export interface Step {
  /** What is sent; of the first step of a connection nothing. */
  readonly octets: Buffer
  /** Reply codes that must come, in this order. */
  readonly codes: readonly string[]
  /** True where a transaction begins with sending this. */
  readonly opens: boolean
  /** True where a transaction ends with the first of the replies. */
  readonly delivers: boolean
}

/** All steps of one connection. */
export interface Script {
  /** Steps before the first message. */
  readonly head: readonly Step[]
  /** Steps of each message but the last one. */
  readonly each: readonly Step[]
  /** Steps of the last message and of the end. */
  readonly last: readonly Step[]
}

const greeting: Step = { octets: Buffer.alloc(0), codes: ['220'], opens: false, delivers: false }
const ehlo = step('EHLO load.example\r\n', ['250'])
const quit = step('QUIT\r\n', ['221'])
const commands = [
  'MAIL FROM:<sender@bench.example>\r\n',
  'RCPT TO:<receiver@bench.example>\r\n',
  'DATA\r\n',
] as const
const commandCodes = ['250', '250', '354']

/** Makes the script of a mode (in `one` for a single message), with the message as it is sent behind DATA. */
export function scriptOf(mode: Mode, message: Buffer): Script {
  const content: Step = { octets: message, codes: ['250'], opens: false, delivers: true }
  const separate = commands.map((text, at) => step(text, [commandCodes[at]!]))
  const opening = separate.map((one, at) => ({ ...one, opens: at === 0 }))
  const joined: Step = { ...step(commands.join(''), commandCodes), opens: true }
  const both: Step = {
    octets: Buffer.concat([message, joined.octets]),
    codes: ['250', ...commandCodes],
    opens: true,
    delivers: true,
  }
  const scripts: Record<Mode, Script> = {
    one: {
      head: [],
      each: [],
      // The connection belongs to its one transaction: the clock runs from connecting.
      last: [{ ...greeting, opens: true }, ehlo, ...separate, content, quit],
    },
    many: {
      head: [greeting, ehlo],
      each: [...opening, content],
      last: [...opening, content, quit],
    },
    pipelined: { head: [greeting, ehlo], each: [joined, content], last: [joined, content, quit] },
    ahead: { head: [greeting, ehlo, joined], each: [both], last: [content, quit] },
  }
  return scripts[mode]
}

function step(text: string, codes: readonly string[]): Step {
  return { octets: Buffer.from(text, 'latin1'), codes, opens: false, delivers: false }
}
