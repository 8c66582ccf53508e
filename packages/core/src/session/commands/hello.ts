import type { Capabilities } from '../../hooks/hooks.ts'
import { type Command, command, type Turn } from '../command.ts'
import type { Greeting } from '../phase.ts'
import * as replies from '../replies.ts'
import type { Settings } from '../settings.ts'
import { ask, endTransaction, fault, say, type Step } from '../step.ts'
import { replyClass } from '../verdicts.ts'

type At = 'greeted' | 'ready' | 'mail'

/** RFC 5321 §4.1.1.1. */
export const helo: Command = hello('HELO')

/** RFC 5321 §4.1.1.1. */
export const ehlo: Command = hello('EHLO')

function hello(verb: 'HELO' | 'EHLO'): Command {
  return command({
    verb,
    legalIn: ['greeted', 'ready', 'mail'],
    endsGroup: true,
    start(turn, rest) {
      const [name] = rest.split(/[ \t]/, 1)
      if (name === undefined || name === '') return fault(replies.helloNeedsName(verb))
      if (name.length > longestName || /[^!-~]/.test(name)) return fault(replies.badHelloName(verb))
      return ask(verb === 'HELO' ? 'helo' : 'ehlo', [name], {}, ({ result }) => {
        // Refused: the session stays as it was. RFC 5321 §4.1.4.
        if (result.verdict === 'deny') return say(replies.refusal(result, replies.refusals.hello))
        if (result.verdict === 'done' && replyClass(result) !== 2) return say(result.reply)
        const reply = result.verdict === 'done' ? result.reply : undefined
        return accept(turn, { verb, name }, (greeting, keywords) =>
          say(reply ?? standardReply(turn, verb, keywords), { at: 'ready', hello: greeting }),
        )
      })
    },
  })
}

/** A domain, or an address literal. RFC 5321 §4.5.3.1.2. */
const longestName = 255

const standardReply = (
  { settings, peer }: Turn<At>,
  verb: Greeting['verb'],
  keywords: readonly string[],
) =>
  verb === 'HELO' ? replies.hello(settings, peer) : replies.extendedHello(settings, peer, keywords)

/** Plugins say what they add to the session; then the transaction that the hello came into is over. RFC 5321 §4.1.4. */
function accept(
  turn: Turn<At>,
  said: Pick<Greeting, 'verb' | 'name'>,
  then: (greeting: Greeting, keywords: readonly string[]) => Step,
): Step {
  const { phase, settings } = turn
  return ask('capabilities', [], { hello: said }, ({ result, failure }) => {
    if (failure !== undefined) return say(replies.refusal(failure, replies.refusals.hello))
    const { keywords, mail, rcpt } = gather(settings, result)
    const next = (): Step => then({ ...said, mailParameters: mail, rcptParameters: rcpt }, keywords)
    return phase.at === 'mail' ? endTransaction(phase.transaction, 'hello', next) : next()
  })
}

interface Offer {
  readonly keywords: readonly string[]
  readonly mail: ReadonlySet<string>
  readonly rcpt: ReadonlySet<string>
}

function gather(settings: Settings, answers: readonly Capabilities[]): Offer {
  if (answers.length === 0) return offerOf(settings)
  const { keywords, mail, rcpt } = offerOf(settings)
  const lines = [...keywords]
  const removed = new Set<string>()
  const [moreMail, moreRcpt] = [new Set(mail), new Set(rcpt)]
  for (const answer of answers) {
    lines.push(...(answer.add ?? []))
    for (const keyword of answer.remove ?? []) removed.add(keyword.toUpperCase())
    for (const keyword of answer.allow?.mail ?? []) moreMail.add(keyword.toUpperCase())
    for (const keyword of answer.allow?.rcpt ?? []) moreRcpt.add(keyword.toUpperCase())
  }
  const offered = lines.filter((line) => !removed.has(line.split(' ', 1)[0]!.toUpperCase()))
  return { keywords: [...new Set(offered)], mail: moreMail, rcpt: moreRcpt }
}

const offers = new WeakMap<Settings, Offer>()

/** What the engine itself offers, made once for all sessions. */
function offerOf(settings: Settings): Offer {
  let offer = offers.get(settings)
  if (offer === undefined) {
    const size = settings.databytes > 0 ? [`SIZE ${settings.databytes}`] : []
    const carried = (keyword: string): readonly string[] =>
      settings.carries?.has(keyword) === false ? [] : [keyword]
    const [eightBit, utf8] = [carried('8BITMIME'), carried('SMTPUTF8')]
    const keywords = ['PIPELINING', ...eightBit, ...size, ...utf8, 'ENHANCEDSTATUSCODES']
    const body = eightBit.length > 0 ? ['BODY'] : []
    offer = { keywords, mail: new Set(['SIZE', ...body, ...utf8]), rcpt: new Set() }
    offers.set(settings, offer)
  }
  return offer
}
