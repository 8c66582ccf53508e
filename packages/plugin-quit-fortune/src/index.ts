import { type Context, declined, messageOf, okText, type Plugin } from '@qpsmtpd/core'
import { run } from './run.ts'

/** Milliseconds that a fortune may take. */
const longestTime = 2_000

/** Programs that may run at once: who hangs up when there are more gets the usual goodbye. */
const mostAtOnce = 8

/** Says goodbye with a fortune to a client that said HELO: whoever speaks EHLO is too sophisticated to enjoy it. */
const quitFortune: Plugin<string> = {
  name: 'quit-fortune',
  options: (words) => words.option('program') ?? '/usr/games/fortune',
  setup(program, world) {
    const me = world.config.use('me', ([name = 'localhost']) => name)
    let running = 0

    async function goodbye({ log, signal }: Context) {
      const timeUp = new AbortController()
      const stop = world.after(longestTime, () => timeUp.abort())
      running += 1
      try {
        const lines = speakable(await run(program, AbortSignal.any([signal, timeUp.signal])))
        return lines.length === 0
          ? declined
          : okText([`${me.current} closing connection.`, ...lines].join('\n'))
      } catch (error) {
        // No fortune is no misfortune: the usual goodbye is said.
        log.debug(messageOf(error))
        return declined
      } finally {
        running -= 1
        stop()
      }
    }

    return {
      quit: (context) =>
        context.connection.hello?.verb === 'EHLO' || running >= mostAtOnce
          ? declined
          : goodbye(context),
    }
  },
}

/** The lines of a fortune, in the ASCII that a reply is made of. RFC 5321 §4.2. */
const speakable = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => `  / ${line.replaceAll('\t', '    ').replace(/[^ -~]/gu, '?')}`)

export default quitFortune
