import type { Refusal } from '../hooks/verdict.ts'
import type { Address } from '../smtp/address.ts'
import { type Reply, reply, replyLines } from '../smtp/reply.ts'
import type { Peer, Settings } from './settings.ts'

/** Replies that our side makes up from names: made fit to be said. */
const spoken = (code: number, status: string | undefined, text: string): Reply =>
  reply(code, status, ...replyLines(text))

/** The same for what is said with every message: code and status are known to be good, and the text nearly always is. */
const spokenOften = (code: number, status: string, text: string): Reply =>
  text.length < shortText && /^[ -~]*$/.test(text)
    ? { code, status, lines: [text] }
    : spoken(code, status, text)

/** Shorter than a reply line may be, whatever its code and status. */
const shortText = 480

// The session.
export const greeting = ({ me, smtpgreeting, version }: Settings): Reply => {
  if (smtpgreeting === undefined)
    return spoken(
      220,
      undefined,
      `${me} ESMTP qpsmtpd ${version} ready; send us your mail, but not your spam.`,
    )
  return spoken(
    220,
    undefined,
    /\bESMTP\b/.test(smtpgreeting) ? smtpgreeting : `${smtpgreeting} ESMTP`,
  )
}
export const hello = (settings: Settings, { info, address }: Peer): Reply =>
  spoken(250, undefined, `${ourName(settings)} Hi ${info} [${address}]; I am so happy to meet you.`)
export const extendedHello = (
  settings: Settings,
  { info, address }: Peer,
  keywords: readonly string[],
): Reply =>
  reply(
    250,
    undefined,
    ...replyLines([`${ourName(settings)} Hi ${info} [${address}]`, ...keywords].join('\n')),
  )
export const goodbye = (settings: Settings): Reply =>
  spoken(221, '2.0.0', `${ourName(settings)} closing connection. Have a wonderful day.`)
export const goodbyeWith = (text: string): Reply => spoken(221, '2.0.0', text)

/** smtpgreeting's first word stands for our name wherever it is said. qmail-smtpd(8). */
const ourName = ({ me, smtpgreeting }: Settings): string => smtpgreeting?.split(/\s/)[0] ?? me

export const idleTooLong: Reply = reply(421, '4.4.2', 'Timeout; closing connection')
export const draining: Reply = reply(421, '4.3.2', 'Service is shutting down; please try again')
export const tooManyErrors: Reply = reply(421, '4.7.0', 'Too many errors; closing connection')
export const endlessLine: Reply = reply(421, '4.5.2', 'Line without an end; closing connection')
export const fault: Reply = reply(421, '4.3.0', 'Internal error - try again later')
export const tooManySessions: Reply = reply(
  421,
  '4.7.0',
  'Too many connections; please try again later',
)

// Lines and commands.
export const lineTooLong: Reply = reply(500, '5.5.2', 'Line too long')
export const strayLineEnd: Reply = reply(
  500,
  '5.5.2',
  'Lines end with CRLF, and nothing else ends a line',
)
export const badOctets: Reply = reply(500, '5.5.2', 'Control octets or broken UTF-8 in command')
export const unrecognized: Reply = reply(500, '5.5.1', 'Unrecognized command')
export const refusedSession: Reply = reply(503, '5.5.1', 'You were refused; please say QUIT')
export const badSequence: Reply = reply(503, '5.5.1', 'Bad sequence of commands')
export const sayHelloFirst: Reply = reply(503, '5.5.1', 'please say hello first ...')
export const mailInTransaction: Reply = reply(
  503,
  '5.5.1',
  'MAIL inside a transaction; say RSET first',
)
export const mailBeforeRcpt: Reply = reply(503, '5.5.1', 'Use MAIL before RCPT')
export const mailFirst: Reply = reply(503, '5.5.1', 'MAIL first')
export const rcptFirst: Reply = reply(503, '5.5.1', 'RCPT first')
export const noArguments: Reply = reply(501, '5.5.4', 'This command takes no arguments')
export const helloNeedsName = (verb: string): Reply =>
  reply(501, '5.5.4', `${verb} requires domain/address - see RFC 5321 4.1.1.1`)
export const badHelloName = (verb: string): Reply =>
  reply(501, '5.5.2', `syntax error in the name after ${verb}`)
export const fine: Reply = reply(250, '2.0.0', 'OK')
export const verify: Reply = reply(
  252,
  '2.0.0',
  "Just try sending a mail and we'll see how it turns out ...",
)
export const noLists: Reply = reply(502, '5.5.1', 'Mailing lists are not expanded here')
export const okWith = (code: 214 | 250, text: string): Reply => spoken(code, '2.0.0', text)
export const help = ({ version }: Settings): Reply =>
  reply(
    214,
    '2.0.0',
    `This is qpsmtpd ${version}`,
    'See https://github.com/qpsmtpd/qpsmtpd-ts',
    'To report bugs, open an issue there.',
  )

// MAIL and RCPT.
export const syntaxError: Reply = reply(501, '5.5.4', 'syntax error in parameters')
export const badSender: Reply = reply(501, '5.1.7', 'could not parse your mail from command')
export const badRecipient: Reply = reply(501, '5.1.3', 'could not parse recipient')
export const unknownParameter = (keyword: string): Reply =>
  spoken(555, '5.5.4', `parameter ${keyword} not recognized or not implemented`)
export const badParameter = (keyword: string): Reply =>
  spoken(501, '5.5.4', `bad value for parameter ${keyword}`)
export const needsSmtpUtf8: Reply = reply(553, '5.6.7', 'this address needs SMTPUTF8')
export const senderOk = (path: string): Reply =>
  spokenOften(250, '2.1.0', `${path}, sender OK - how exciting to get mail from you!`)
export const recipientOk = (path: string): Reply =>
  spokenOften(250, '2.1.5', `${path}, recipient ok`)
export const undecided: Reply = reply(450, '4.7.1', 'No plugin decided if relaying is allowed')
export const tooManyRecipients: Reply = reply(452, '4.5.3', 'Too many recipients')

// DATA.
export const goAhead: Reply = reply(354, undefined, 'go ahead')
export const incompleteData: Reply = reply(451, '4.4.2', 'Incomplete DATA')
export const tooBig: Reply = reply(552, '5.3.4', 'Message too big!')
export const headersTooBig: Reply = reply(552, '5.3.4', 'Header section too big')
export const bareNewline: Reply = reply(
  554,
  '5.6.0',
  'A CR or LF that is not part of a CRLF, see RFC 5321 2.3.8; message refused',
)
export const tooManyHops: Reply = reply(554, '5.4.6', 'too many hops, this message is looping')
export const noSpool: Reply = reply(451, '4.3.0', 'No room for the message now; try again later')
export const queued = (id: string, text = 'Queued'): Reply =>
  spokenOften(250, '2.0.0', `${text} (${id})`)
export const notQueued: Reply = reply(451, '4.3.0', 'Queuing declined or disabled; try again later')
export const notAlike: Reply = reply(
  451,
  '4.3.0',
  'Not delivered to all recipients yet; try again later',
)

/** A path as replies show it. */
export const shown = (sender: Address | null): string => `<${sender?.text ?? ''}>`

/** What a hook says where its plugin names no text, code or status of its own. */
export interface RefusalDefaults {
  readonly code: number
  readonly softCode: number
  /** Enhanced status without its class. RFC 3463 §3. */
  readonly status: string
  readonly text: string
  readonly softText: string
}

/** The one place where a refusal becomes a reply. */
export function refusal(verdict: Refusal, defaults: RefusalDefaults): Reply {
  const { temporary, text, code, status } = verdict
  const words = text ?? (temporary ? defaults.softText : defaults.text)
  // A temporary disconnect is the same everywhere. RFC 5321 §3.8.
  if (temporary && verdict.disconnect) return spoken(421, status ?? '4.7.0', words)
  if (temporary) return spoken(code ?? defaults.softCode, status ?? `4.${defaults.status}`, words)
  return spoken(code ?? defaults.code, status ?? `5.${defaults.status}`, words)
}

const defaultsOf = (
  code: number,
  softCode: number,
  status: string,
  text: string,
  softText: string = text,
): RefusalDefaults => ({ code, softCode, status, text, softText })

/** Defaults, hook by hook. */
export const refusals: {
  readonly connect: RefusalDefaults
  readonly hello: RefusalDefaults
  readonly mail: (path: string) => RefusalDefaults
  readonly rcpt: RefusalDefaults
  readonly data: RefusalDefaults
  readonly command: RefusalDefaults
  readonly noop: RefusalDefaults
  readonly unrecognized: RefusalDefaults
} = {
  connect: defaultsOf(
    554,
    421,
    '7.1',
    'Connection from you denied, bye bye.',
    'Connection from you temporarily denied, bye bye.',
  ),
  hello: defaultsOf(550, 450, '7.1', 'Hello denied', 'Hello temporarily denied'),
  mail: (path) => defaultsOf(550, 450, '7.1', `${path}, denied`, `${path}, temporarily denied`),
  rcpt: defaultsOf(550, 450, '7.1', 'relaying denied'),
  data: defaultsOf(554, 451, '7.1', 'Message denied', 'Message denied temporarily'),
  command: defaultsOf(554, 451, '7.1', 'Command denied', 'Command denied temporarily'),
  noop: defaultsOf(500, 451, '7.1', 'Command denied', 'Command denied temporarily'),
  unrecognized: defaultsOf(500, 451, '5.1', 'Unrecognized command'),
}
