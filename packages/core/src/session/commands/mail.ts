import { isInternational, type Sender } from '../../smtp/address.ts'
import type { Parameters } from '../../smtp/parameters.ts'
import { parseParameters } from '../../smtp/parameters.ts'
import { parsePath, splitArgument } from '../../smtp/path.ts'
import type { Reply } from '../../smtp/reply.ts'
import { type Command, command, type Turn } from '../command.ts'
import * as replies from '../replies.ts'
import { ask, endTransaction, fault, say, type Step } from '../step.ts'
import { beginTransaction, changeTransaction } from '../transaction.ts'
import { replyClass } from '../verdicts.ts'

/** RFC 5321 §4.1.1.2. */
export const mail: Command = command({
  verb: 'MAIL',
  legalIn: ['ready'],
  elsewhere: (at) => (at === 'mail' ? replies.mailInTransaction : replies.sayHelloFirst),
  endsGroup: false,
  start(turn, rest) {
    const argument = splitArgument(rest, 'FROM:')
    if (argument === undefined) return fault(replies.syntaxError)
    const parameters = parseParameters(argument.parameters)
    if (parameters === undefined) return fault(replies.syntaxError)
    return ask('mailPre', [argument.path, parameters], {}, ({ result: path, failure }) => {
      if (failure !== undefined)
        return say(replies.refusal(failure, replies.refusals.mail(argument.path)))
      const sender = parseSender(path)
      if (sender === undefined) return fault(replies.badSender)
      const bad = badParameter(turn, parameters)
      if (bad !== undefined) return fault(bad)
      if (isTooBig(turn, parameters)) return say(replies.tooBig)
      // RFC 6531 §3.5.
      if (isInternational(sender) && !parameters.has('SMTPUTF8')) return say(replies.needsSmtpUtf8)
      return decide(turn, sender, parameters)
    })
  },
})

/** What qpsmtpd and qmail take for the empty reverse-path besides `<>`. */
const parseSender = (path: string): Sender | undefined =>
  path === '<#@[]>' || path.includes('[undefined]') ? null : parsePath(path)

function decide(turn: Turn<'ready'>, sender: Sender, parameters: Parameters): Step {
  const { hello } = turn.phase
  const transaction = beginTransaction(turn.newId(), { sender, parameters, recipients: [] })
  return ask('mail', [sender, parameters], { transaction }, ({ result, changes }) => {
    const refused = (reply: Reply | undefined): Step =>
      endTransaction(transaction, 'refused', () => say(reply))
    if (result.verdict === 'deny')
      return refused(replies.refusal(result, replies.refusals.mail(replies.shown(sender))))
    if (result.verdict === 'done' && replyClass(result) !== 2) return refused(result.reply)
    const reply = result.verdict === 'done' ? result.reply : replies.senderOk(replies.shown(sender))
    return say(reply, { at: 'mail', hello, transaction: changeTransaction(transaction, changes) })
  })
}

/** RFC 5321 §4.1.1.11. */
function badParameter({ phase }: Turn<'ready'>, parameters: Parameters): Reply | undefined {
  for (const [keyword, value] of parameters) {
    if (!phase.hello.mailParameters.has(keyword)) return replies.unknownParameter(keyword)
    const good = values.get(keyword)
    if (good !== undefined && !good.test(value)) return replies.badParameter(keyword)
  }
  return undefined
}

/** RFC 1870 §6, RFC 6152 §3, RFC 6531 §3.4. */
const values: ReadonlyMap<string, RegExp> = new Map([
  ['SIZE', /^\d{1,20}$/],
  ['BODY', /^(?:7BIT|8BITMIME)$/i],
  ['SMTPUTF8', /^$/],
])

/** RFC 1870 §6.1. */
function isTooBig({ settings, peer }: Turn<'ready'>, parameters: Parameters): boolean {
  const databytes = peer.databytes ?? settings.databytes
  // Twenty digits are more than a number holds exactly, but no limit is that large.
  return databytes > 0 && Number(parameters.get('SIZE') ?? 0) > databytes
}
