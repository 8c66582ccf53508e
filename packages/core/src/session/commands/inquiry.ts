import type { Answer } from '../../hooks/hooks.ts'
import type { Reply } from '../../smtp/reply.ts'
import { type Command, command } from '../command.ts'
import * as replies from '../replies.ts'
import type { Settings } from '../settings.ts'
import { ask, say, type Step } from '../step.ts'

/** Commands that change nothing: a plugin answers, or we do. */
interface Inquiry {
  readonly verb: string
  readonly hook: 'vrfy' | 'expn' | 'noop' | 'help'
  readonly endsGroup: boolean
  /** What we say where nobody answers. */
  readonly reply: (settings: Settings) => Reply
  /** Of the reply where a plugin has a text. */
  readonly code: 214 | 250
  readonly refusal: replies.RefusalDefaults
}

/** RFC 5321 §4.1.1.6. */
export const vrfy: Command = inquiry({
  verb: 'VRFY',
  hook: 'vrfy',
  endsGroup: true,
  reply: () => replies.verify,
  code: 250,
  refusal: replies.refusals.command,
})

/** RFC 5321 §4.1.1.7. */
export const expn: Command = inquiry({
  verb: 'EXPN',
  hook: 'expn',
  endsGroup: true,
  reply: () => replies.noLists,
  code: 250,
  refusal: replies.refusals.command,
})

/** RFC 5321 §4.1.1.8. */
export const help: Command = inquiry({
  verb: 'HELP',
  hook: 'help',
  endsGroup: false,
  reply: replies.help,
  code: 214,
  refusal: replies.refusals.noop,
})

/** RFC 5321 §4.1.1.9. */
export const noop: Command = inquiry({
  verb: 'NOOP',
  hook: 'noop',
  endsGroup: true,
  reply: () => replies.fine,
  code: 250,
  refusal: replies.refusals.noop,
})

function inquiry({ verb, hook, endsGroup, reply, code, refusal }: Inquiry): Command {
  return command({
    verb,
    legalIn: ['greeted', 'ready', 'mail'],
    endsGroup,
    start({ settings }, rest) {
      return ask(hook, [rest], {}, ({ result }) => answer(result, settings))
    },
  })

  function answer(result: Answer<'noop'>, settings: Settings): Step {
    switch (result.verdict) {
      case 'deny':
        return say(replies.refusal(result, refusal))
      case 'done':
        return say(result.reply)
      case 'ok':
        return say(result.text === undefined ? reply(settings) : replies.okWith(code, result.text))
      case 'declined':
        return say(reply(settings))
    }
  }
}
